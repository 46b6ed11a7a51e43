/// The options of one verb, read by the rules that docker's and runc's users have in their fingers:
/// `--name value`, `--name=value`, `-n value`, `-nvalue`, `-n=value`, `-itd`, `--flag=false`, `--` ends options, `-` is an operand.
package struct OptionTable: Sendable {
  /// Where options may stand.
  package enum Order: Sendable {
    /// Before, between and after the operands.
    case anywhere
    /// Only before the first operand: the rest belongs to the container's command (docker run, exec).
    case beforeOperands
    /// Before and after the first operand, but not after the second (`runc update ID --memory 1`, `runc exec ID CMD -x`).
    case aroundFirstOperand
  }

  package let options: [Option]
  package let order: Order
  private let byName: [String: Option]

  package init(_ options: [Option], order: Order = .anywhere) {
    self.options = options
    self.order = order
    var byName: [String: Option] = [:]
    for option in options { for name in option.names { byName[name] = option } }
    self.byName = byName
  }

  package func defines(_ name: String) -> Bool { byName[name] != nil }

  package func parse(_ arguments: some Sequence<String>) throws(UsageError) -> ParsedOptions {
    var parsed = ParsedOptions()
    var rest = ArraySlice(Array(arguments))
    while let argument = rest.popFirst() {
      if argument == "--" {
        parsed.operands += rest
        break
      }
      guard argument.hasPrefix("-"), argument != "-" else {
        parsed.operands.append(argument)
        if order == .beforeOperands || (order == .aroundFirstOperand && parsed.operands.count > 1) {
          parsed.operands += rest
          break
        }
        continue
      }
      if argument.hasPrefix("--") {
        try parseLong(argument, &rest, into: &parsed)
      } else {
        try parseShort(argument, &rest, into: &parsed)
      }
    }
    return parsed
  }

  private func parseLong(
    _ argument: String, _ rest: inout ArraySlice<String>, into parsed: inout ParsedOptions
  ) throws(UsageError) {
    let body = argument.dropFirst(2)
    let equals = body.firstIndex(of: "=")
    let name = String(equals.map { body[..<$0] } ?? body)
    let attached = equals.map { String(body[body.index(after: $0)...]) }
    guard let option = byName[name], !name.isEmpty else {
      if name == "help" { throw UsageError.help }
      throw UsageError("unknown flag: --\(name)")
    }
    try take(option, attached, spelled: "--\(name)", &rest, into: &parsed)
  }

  private func parseShort(
    _ argument: String, _ rest: inout ArraySlice<String>, into parsed: inout ParsedOptions
  ) throws(UsageError) {
    // runc's parser (Go's flag package) lets a long name follow one dash.
    let word = String(argument.dropFirst().prefix { $0 != "=" })
    if word.count > 1, byName[word] != nil { return try parseLong("-" + argument, &rest, into: &parsed) }
    var letters = argument.dropFirst()
    while let letter = letters.popFirst() {
      guard let option = byName[String(letter)] else {
        if letter == "h" { throw UsageError.help }
        throw UsageError("unknown shorthand flag: '\(letter)' in \(argument)")
      }
      if option.kind == .flag, letters.first != "=" {
        parsed.set(option, "true")
        continue
      }
      var attached: String? = letters.isEmpty ? nil : String(letters)
      if letters.first == "=" { attached?.removeFirst() }
      return try take(option, attached, spelled: "-\(letter)", &rest, into: &parsed)
    }
  }

  private func take(
    _ option: Option, _ attached: String?, spelled: String, _ rest: inout ArraySlice<String>,
    into parsed: inout ParsedOptions
  ) throws(UsageError) {
    switch option.kind {
    case .flag:
      guard let text = attached else { return parsed.set(option, "true") }
      guard let value = boolean(text) else {
        throw UsageError("invalid argument \"\(text)\" for \"\(spelled)\" flag: strconv.ParseBool: parsing \"\(text)\": invalid syntax")
      }
      parsed.set(option, value ? "true" : "false")
    case .optional(_, let alone):
      parsed.set(option, attached ?? alone)
    case .value, .list:
      guard let value = attached ?? rest.popFirst() else {
        throw UsageError("flag needs an argument: \(spelled.hasPrefix("--") ? spelled : "'\(spelled.dropFirst())' in \(spelled)")")
      }
      parsed.set(option, value)
    }
  }
}

/// Go's strconv.ParseBool.
private func boolean(_ text: String) -> Bool? {
  switch text {
  case "1", "t", "T", "true", "TRUE", "True": true
  case "0", "f", "F", "false", "FALSE", "False": false
  default: nil
  }
}
