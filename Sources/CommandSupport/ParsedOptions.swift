/// What a command line said.
package struct ParsedOptions: Sendable {
  /// The arguments that are not options, in order.
  package internal(set) var operands: [String] = []
  /// Every option given, by its ``Option/name``, in order of appearance across options.
  package private(set) var occurrences: [(name: String, value: String)] = []

  mutating func set(_ option: Option, _ value: String) { occurrences.append((option.name, value)) }

  /// Puts the options of another command line (the program's own, before the verb) in front of these.
  mutating func prepend(_ other: ParsedOptions) { occurrences = other.occurrences + occurrences }

  /// Whether the flag was given and not unset again.
  package func flag(_ name: String) -> Bool { value(name) == "true" }
  /// The last value given.
  package func value(_ name: String) -> String? { occurrences.last { $0.name == name }?.value }
  /// All values given, in order.
  package func values(_ name: String) -> [String] { occurrences.filter { $0.name == name }.map(\.value) }
  package func given(_ name: String) -> Bool { occurrences.contains { $0.name == name } }
}
