/// One option of a command line, as help, parser and completions know it.
package struct Option: Sendable {
  package enum Kind: Sendable, Equatable {
    /// Set or not; `--name=false` unsets.
    case flag
    /// Takes one value; the last one given counts.
    case value(String)
    /// Takes a value every time it is given; all count, in order.
    case list(String)
    /// May stand alone or carry `=value` (pflag's NoOptDefVal); `alone` is the value it has when it stands alone.
    case optional(String, alone: String)
  }

  /// Long names without dashes, and one-letter names; the first long one is the name it is asked for by.
  package let names: [String]
  package let kind: Kind
  package let help: String

  /// The name that ``ParsedOptions`` knows it by.
  package var name: String { names.first { $0.count > 1 } ?? names[0] }

  package static func flag(_ names: String..., help: String) -> Option {
    Option(names: names, kind: .flag, help: help)
  }
  package static func value(_ names: String..., placeholder: String, help: String) -> Option {
    Option(names: names, kind: .value(placeholder), help: help)
  }
  package static func list(_ names: String..., placeholder: String, help: String) -> Option {
    Option(names: names, kind: .list(placeholder), help: help)
  }
  package static func optional(_ names: String..., placeholder: String, alone: String, help: String) -> Option {
    Option(names: names, kind: .optional(placeholder, alone: alone), help: help)
  }

  /// `-b, --bundle DIR`, as help shows it.
  var synopsis: String {
    let spelled = names.filter { $0.count == 1 }.map { "-" + $0 } + names.filter { $0.count > 1 }.map { "--" + $0 }
    let joined = (spelled[0].hasPrefix("--") ? "    " : "") + spelled.joined(separator: ", ")
    switch kind {
    case .flag: return joined
    case .value(let placeholder), .list(let placeholder): return "\(joined) \(placeholder)"
    case .optional(let placeholder, _): return "\(joined)[=\(placeholder)]"
    }
  }
}
