/// Substitutes variables in a string as compose does (compose-spec, "Interpolation"): `$V ${V} ${V:-d} ${V-d} ${V:?e} ${V?e} ${V:+r} ${V+r}`,
/// nested, `$$` for a dollar. A `$` that begins none of these stays.
struct Interpolation {
  enum Failure: Error, Hashable {
    /// No variable's form: the text from `$` on.
    case invalidTemplate(String)
    /// `${V:?message}` of a variable with no value.
    case required(name: String, message: String)
  }

  /// Nested defaults; each level costs a stack frame.
  static let maximumDepth = 50

  let environment: (String) -> String?
  /// Names that had no value and no default, in order, each once.
  private(set) var unset: [String] = []

  init(environment: @escaping (String) -> String?) { self.environment = environment }

  mutating func substitute(_ text: String) throws(Failure) -> String {
    guard text.utf8.contains(Self.dollar) else { return text }
    return String(decoding: try substitute(ArraySlice(text.utf8), depth: 0), as: UTF8.self)
  }

  private static let dollar = UInt8(ascii: "$")

  private mutating func substitute(_ text: ArraySlice<UInt8>, depth: Int) throws(Failure) -> [UInt8] {
    guard depth <= Self.maximumDepth else { throw .invalidTemplate(String(decoding: text, as: UTF8.self)) }
    var result: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      guard byte == Self.dollar, let next = rest.first else {
        result.append(byte)
        continue
      }
      switch next {
      case Self.dollar:
        rest.removeFirst()
        result.append(byte)
      case UInt8(ascii: "{"):
        let length = Self.braced(rest)
        guard let length else { throw .invalidTemplate("$" + String(decoding: rest, as: UTF8.self)) }
        result += try expression(rest.dropFirst().prefix(length - 2), depth: depth)
        rest = rest.dropFirst(length)
      default:
        let name = Self.name(rest)
        rest = rest.dropFirst(name.count)
        result += name.isEmpty ? [byte] : Array(value(of: String(decoding: name, as: UTF8.self)).utf8)
      }
    }
    return result
  }

  /// What stands between `${` and `}`.
  private mutating func expression(_ body: ArraySlice<UInt8>, depth: Int) throws(Failure) -> [UInt8] {
    let nameBytes = Self.name(body)
    let name = String(decoding: nameBytes, as: UTF8.self)
    var rest = body.dropFirst(nameBytes.count)
    let invalid = Failure.invalidTemplate("${" + String(decoding: body, as: UTF8.self) + "}")
    if nameBytes.isEmpty { throw invalid }
    guard var operation = rest.popFirst() else { return Array(value(of: name).utf8) }
    let emptyCounts = operation != UInt8(ascii: ":")
    if !emptyCounts {
      guard let second = rest.popFirst() else { throw invalid }
      operation = second
    }
    let value = environment(name).flatMap { $0.isEmpty && !emptyCounts ? nil : $0 }
    switch operation {
    case UInt8(ascii: "-"):
      if let value { return Array(value.utf8) }
      return try substitute(rest, depth: depth + 1)
    case UInt8(ascii: "+"): return value == nil ? [] : try substitute(rest, depth: depth + 1)
    case UInt8(ascii: "?"):
      if let value { return Array(value.utf8) }
      throw .required(name: name, message: String(decoding: try substitute(rest, depth: depth + 1), as: UTF8.self))
    default: throw invalid
    }
  }

  private mutating func value(of name: String) -> String {
    if let value = environment(name) { return value }
    if !unset.contains(name) { unset.append(name) }
    return ""
  }

  /// The length of `{…}` at the start, inner braces counted; nil where it does not end.
  static func braced(_ text: ArraySlice<UInt8>) -> Int? {
    var open = 0
    for (offset, byte) in text.enumerated() {
      if byte == UInt8(ascii: "{") { open += 1 }
      if byte == UInt8(ascii: "}") { open -= 1 }
      if open == 0 { return offset + 1 }
    }
    return nil
  }

  /// `[A-Za-z_][A-Za-z0-9_]*` at the start.
  static func name(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    if let first = text.first, (0x30...0x39).contains(first) { return [] }
    return text.prefix { byte in
      byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
  }
}

extension Interpolation {
  /// Substitutes in every string of `node`; keys stay as they are.
  mutating func substitute(_ node: Node, path: ModelPath = ModelPath()) throws(ComposeError) -> Node {
    var node = node
    switch node.content {
    case .string(let text):
      do { node.content = .string(try substitute(text)) } catch { throw ComposeError(error, path: path, at: node.position) }
    case .sequence(let nodes):
      var results: [Node] = []
      for (index, item) in nodes.enumerated() { results.append(try substitute(item, path: path.appending(index))) }
      node.content = .sequence(results)
    case .mapping(var mapping):
      for entry in mapping.entries {
        mapping.set(entry.key, try substitute(entry.value, path: path.appending(entry.key)), keyPosition: entry.keyPosition)
      }
      node.content = .mapping(mapping)
    case .null, .bool, .integer, .float: break
    }
    return node
  }
}

extension ComposeError {
  fileprivate init(_ failure: Interpolation.Failure, path: ModelPath, at position: SourcePosition) {
    switch failure {
    case .invalidTemplate(let text):
      self.init("invalid interpolation format for \(path): '\(text)'; you may need to escape any $ with another $", at: position)
    case .required(let name, let message):
      let reason = "required variable \(name) is missing a value" + (message.isEmpty ? "" : ": " + message)
      self.init("error while interpolating \(path): \(reason)", at: position)
    }
  }
}
