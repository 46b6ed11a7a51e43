internal import JSON

/// A value as Go's `fmt` prints it with `%v`; nothing is `<no value>` at the top and `<nil>` inside.
func goText(_ value: JSONValue, nested: Bool = false) -> String {
  if let text = value.templateString { return text }
  if let integer = value.templateInteger { return "\(integer)" }
  if case .number(.unsigned(let number)) = value { return "\(number)" }
  if let number = value.templateNumber { return goNumber(number) }
  if let array = value.templateArray { return "[" + array.map { goText($0, nested: true) }.joined(separator: " ") + "]" }
  if let members = value.templateMembers {
    return "map[" + members.map { $0.key + ":" + goText($0.value, nested: true) }.joined(separator: " ") + "]"
  }
  if case .bool(let value) = value { return value ? "true" : "false" }
  return nested ? "<nil>" : "<no value>"
}

private func goNumber(_ number: Double) -> String {
  if number == number.rounded(), abs(number) < 1e15 { return "\(Int64(number))" }
  return "\(number)"
}

/// `fmt.Sprint`: a space between two operands when neither is a string.
func goPrint(_ values: [JSONValue]) -> String {
  var text = ""
  var previousIsString = true
  for value in values {
    let isString = value.templateString != nil
    if !previousIsString, !isString { text += " " }
    text += goText(value)
    previousIsString = isString
  }
  return text
}

/// A string as Go's `%q` writes it.
func goQuoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    case "\n": quoted += "\\n"
    case "\t": quoted += "\\t"
    case "\r": quoted += "\\r"
    case _ where scalar.value < 0x20 || scalar.value == 0x7F:
      let digits = String(scalar.value, radix: 16)
      quoted += "\\x" + (digits.count < 2 ? "0" : "") + digits
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}

/// `fmt.Sprintf` with the verbs `%v %s %d %q %t %x %X %o %b %c %f %g %e %%`, the flags `-`, `+`, `0` and space, width and precision.
func goFormat(_ format: String, _ arguments: [JSONValue]) -> String {
  var text = ""
  var next = 0
  var scalars = Array(format.unicodeScalars)[...]
  while let scalar = scalars.popFirst() {
    guard scalar == "%" else {
      text.unicodeScalars.append(scalar)
      continue
    }
    var directive = FormatDirective()
    directive.read(&scalars)
    guard let verb = scalars.popFirst() else { return text + "%!(NOVERB)" }
    if verb == "%" {
      text += "%"
      continue
    }
    guard next < arguments.count else {
      text += "%!\(verb)(MISSING)"
      continue
    }
    text += directive.apply(verb, arguments[next])
    next += 1
  }
  if next < arguments.count {
    text += "%!(EXTRA " + arguments[next...].map { "\($0.templateType)=\(goText($0))" }.joined(separator: ", ") + ")"
  }
  return text
}

private struct FormatDirective {
  var left = false, plus = false, zero = false, space = false
  var width = 0
  var precision: Int?

  mutating func read(_ scalars: inout ArraySlice<Unicode.Scalar>) {
    flags: while let scalar = scalars.first {
      switch scalar {
      case "-": left = true
      case "+": plus = true
      case "0": zero = true
      case " ": space = true
      case "#": break
      default: break flags
      }
      scalars = scalars.dropFirst()
    }
    width = number(&scalars) ?? 0
    if scalars.first == "." {
      scalars = scalars.dropFirst()
      precision = number(&scalars) ?? 0
    }
  }

  /// At most 4 digits are believed: a template cannot ask for gigabytes of spaces.
  private func number(_ scalars: inout ArraySlice<Unicode.Scalar>) -> Int? {
    var value: Int?
    while let scalar = scalars.first, ("0"..."9").contains(scalar) {
      value = min(9999, (value ?? 0) * 10 + Int(scalar.value - 48))
      scalars = scalars.dropFirst()
    }
    return value
  }

  func apply(_ verb: Unicode.Scalar, _ value: JSONValue) -> String {
    guard let body = body(verb, value) else { return "%!\(verb)(\(value.templateType)=\(goText(value)))" }
    let missing = max(0, width - body.unicodeScalars.count)
    if left { return body + String(repeating: " ", count: missing) }
    if zero, value.templateNumber != nil {
      let sign = body.hasPrefix("-") || body.hasPrefix("+") ? 1 : 0
      return body.prefix(sign) + String(repeating: "0", count: missing) + body.dropFirst(sign)
    }
    return String(repeating: " ", count: missing) + body
  }

  private func body(_ verb: Unicode.Scalar, _ value: JSONValue) -> String? {
    switch verb {
    case "v": return signed(goText(value, nested: true), value)
    case "s": return value.templateNumber == nil ? clipped(goText(value, nested: true)) : nil
    case "q": return value.templateString.map { goQuoted(clipped($0)) }
    case "t":
      guard case .bool(let flag) = value else { return nil }
      return flag ? "true" : "false"
    case "d": return value.templateInteger.map { signed("\($0)", value) }
    case "c": return value.templateInteger.flatMap { UInt32(exactly: $0) }.flatMap(Unicode.Scalar.init).map { String(Character($0)) }
    case "x", "X", "o", "b":
      let upper = verb == "X"
      if let text = value.templateString, verb != "o", verb != "b" {
        return text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: upper) }.joined()
      }
      return value.templateInteger.map { String($0, radix: verb == "o" ? 8 : verb == "b" ? 2 : 16, uppercase: upper) }
    case "f", "F": return value.templateNumber.map { signed(fixedPoint($0, decimals: min(15, precision ?? 6)), value) }
    case "g", "e": return value.templateNumber.map { signed("\($0)", value) }
    default: return nil
    }
  }

  private func clipped(_ text: String) -> String {
    guard let precision else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(precision)))
  }

  private func signed(_ text: String, _ value: JSONValue) -> String {
    guard value.templateNumber != nil, !text.hasPrefix("-") else { return text }
    return plus ? "+" + text : space ? " " + text : text
  }
}
