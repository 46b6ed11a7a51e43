extension Node.MergeTag {
  init(_ tag: String, at position: SourcePosition) throws(ComposeError) {
    switch tag {
    case "!reset": self = .reset
    case "!override": self = .override
    default: throw ComposeError("yaml: tag '\(tag)' is not known", at: position)
    }
  }
}

extension Node {
  /// A scalar by its tag, or where it is plain and untagged by the core schema (YAML 1.2.2 section 10.3) as compose's reader extends it:
  /// digits may be grouped by `_`, and whole numbers that begin with 0 are octal, which is what a file mode means.
  init(scalar text: String, isPlain: Bool, tag: String?, at position: SourcePosition) throws(ComposeError) {
    let core = "tag:yaml.org,2002:"
    guard let tag, tag != "!" else {
      self.init(isPlain && tag == nil ? Self.resolve(text) : .string(text), at: position)
      return
    }
    guard tag.hasPrefix(core) else {
      self.init(isPlain ? Self.resolve(text) : .string(text), at: position, mergeTag: try MergeTag(tag, at: position))
      return
    }
    let name = tag.dropFirst(core.count)
    let resolved = Self.resolve(text)
    switch (name, resolved) {
    case ("str", _): self.init(.string(text), at: position)
    case ("int", .integer), ("float", .float), ("bool", .bool), ("null", .null): self.init(resolved, at: position)
    case ("float", .integer(let digits)): self.init(.float(digits), at: position)
    default: throw ComposeError("yaml: '\(text)' is no !!\(name)", at: position)
    }
  }

  /// What a plain scalar without a tag is.
  static func resolve(_ text: String) -> Content {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: return number(text) ?? .string(text)
    }
  }

  private static func number(_ text: String) -> Content? {
    guard let first = text.utf8.first, first == 0x2B || first == 0x2D || first == 0x2E || (0x30...0x39).contains(first) else { return nil }
    let plain = text.replacing("_", with: "")
    var digits = Substring(plain)
    let isNegative = digits.first == "-"
    if isNegative || digits.first == "+" { digits = digits.dropFirst() }
    guard let lead = digits.utf8.first, lead == 0x2E || (0x30...0x39).contains(lead) else { return nil }
    if let magnitude = whole(digits) { return .integer((isNegative && magnitude != 0 ? "-" : "") + String(magnitude)) }
    return decimal(digits, isNegative: isNegative)
  }

  private static func whole(_ digits: Substring) -> UInt64? {
    func rest(_ prefix: Int, _ radix: Int) -> UInt64? {
      let rest = digits.dropFirst(prefix)
      guard let first = rest.first, first != "+", first != "-" else { return nil }
      return UInt64(rest, radix: radix)
    }
    switch digits.lowercased().prefix(2) {
    case "0x": return rest(2, 16)
    case "0o": return rest(2, 8)
    case "0b": return rest(2, 2)
    case let start where start.count == 2 && start.first == "0": return rest(1, 8)
    default: return rest(0, 10)
    }
  }

  /// `[0-9]* [. [0-9]*] [(e|E) [+-] [0-9]+]`, written as JSON wants it.
  private static func decimal(_ text: Substring, isNegative: Bool) -> Content? {
    var rest = text
    func takeDigits() -> Substring {
      let taken = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(taken.count)
      return taken
    }
    var whole = takeDigits()
    var fraction: Substring = ""
    if rest.first == "." {
      rest = rest.dropFirst()
      fraction = takeDigits()
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    var exponent = ""
    if rest.first == "e" || rest.first == "E" {
      rest = rest.dropFirst()
      if let sign = rest.first, sign == "+" || sign == "-" {
        exponent = sign == "-" ? "-" : ""
        rest = rest.dropFirst()
      }
      let digits = takeDigits()
      guard !digits.isEmpty else { return nil }
      exponent = "e" + exponent + digits
    }
    guard rest.isEmpty else { return nil }
    whole = whole.drop { $0 == "0" }
    while fraction.last == "0" { fraction = fraction.dropLast() }
    let number = (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : "." + fraction) + exponent
    return .float((isNegative ? "-" : "") + number)
  }
}
