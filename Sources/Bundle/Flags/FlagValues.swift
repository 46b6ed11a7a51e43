internal import CommandSupport

/// The values of a command line's flags, with docker's message where one is not what its flag takes.
struct FlagValues {
  let parsed: ParsedOptions
  init(_ parsed: ParsedOptions) { self.parsed = parsed }

  func flag(_ name: String) -> Bool { parsed.flag(name) }
  func text(_ name: String) -> String? { parsed.value(name) }
  func texts(_ name: String) -> [String] { parsed.values(name) }

  /// The flag's value through `parse`; nil where it was not given.
  func value<Value>(_ name: String, _ parse: (String) throws(InvalidValue) -> Value) throws(BundleError) -> Value? {
    guard let text = parsed.value(name) else { return nil }
    return try convert(name, text, parse)
  }

  func values<Value>(_ name: String, _ parse: (String) throws(InvalidValue) -> Value) throws(BundleError) -> [Value] {
    var values: [Value] = []
    for text in parsed.values(name) { values.append(try convert(name, text, parse)) }
    return values
  }

  func integer(_ name: String) throws(BundleError) -> Int64? { try value(name, goInteger) }

  private func convert<Value>(
    _ name: String, _ text: String, _ parse: (String) throws(InvalidValue) -> Value
  ) throws(BundleError) -> Value {
    do { return try parse(text) } catch {
      throw .invalidArgument(value: text, flag: ContainerOptionTable.spelling(name), reason: error.description)
    }
  }
}
