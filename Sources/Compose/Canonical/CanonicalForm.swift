/// Brings the values of one file to their canonical form: long spellings, types as the specification has them, absolute paths. Files that
/// are in that form can be merged without knowing of the short ones.
struct CanonicalForm: Sendable {
  /// The directory that relative paths of the file begin at; absolute.
  let directory: String
  /// `~` of a path.
  let home: String?
  /// Strings with variables stay as they are: what they are going to be is not known.
  var keepsVariables = false

  func convert(_ node: Node, _ form: Form, _ path: ModelPath) throws(ComposeError) -> Node {
    // A value that the merge takes away needs no form.
    if node.mergeTag == .reset || hasVariables(node) { return node }
    var result = node
    switch form {
    case .any: break
    case .text:
      guard node.string != nil else { throw mismatch("a string", node, path) }
    case .scalar:
      guard let text = node.scalarText else { throw mismatch("a string", node, path) }
      result.content = .string(text)
    case .integer: result.content = try integer(node, path)
    case .number: result.content = try number(node, path)
    case .flag: result.content = try flag(node, path)
    case .duration:
      guard let text = node.scalarText else { throw mismatch("a duration", node, path) }
      result.content = .string(try attempting(path, node) { () throws(GoValueError) in try GoDuration(text).description })
    case .bytes: result.content = .string(try bytes(node, path))
    case .path:
      guard let text = node.string else { throw mismatch("a string", node, path) }
      result.content = .string(absolute(text))
    case .list(let item): result.content = try list(node, item, path)
    case .texts:
      result.content = node.scalarText != nil ? .sequence([try convert(untagged(node), .scalar, path)]) : try list(node, .scalar, path)
    case .keyValues(let keepsNull): result.content = try keyValues(node, keepsNull, path)
    case .command: result.content = try command(node, path)
    case .object(let attributes, let required): result.content = try object(node, attributes, required, path)
    case .names(let item): result.content = try names(node, item, path)
    case .nameList(let item, let value): result.content = try nameList(node, item, value, path)
    case .word(let words):
      guard let text = node.string, words.contains(text) else {
        throw ComposeError("must be one of \(words.joined(separator: ", "))", path: path, at: node.position)
      }
    case .optional(let inner):
      if !node.isNull { result = try convert(node, inner, path) }
    case .short(let long, let expand):
      var nodes = [node]
      if let expanded = try expand(node, path) { nodes = expanded }
      result.content = try convert(nodes.first ?? node, long, path).content
    case .shortList(let long, let expand):
      guard let items = node.sequence else { throw mismatch("a list", node, path) }
      var all: [Node] = []
      for (index, item) in items.enumerated() {
        let own = path.appending(index)
        for one in hasVariables(item) ? [item] : try expand(item, own) ?? [item] { all.append(try convert(one, long, own)) }
      }
      result.content = .sequence(all)
    case .then(let inner, let step): result = try step(try convert(node, inner, path), path, self)
    }
    result.mergeTag = node.mergeTag
    return result
  }

  private func hasVariables(_ node: Node) -> Bool { keepsVariables && node.string?.utf8.contains(UInt8(ascii: "$")) == true }

  func mismatch(_ wanted: String, _ node: Node, _ path: ModelPath) -> ComposeError {
    ComposeError("must be \(wanted), not \(node.kind)", path: path, at: node.position)
  }

  private func untagged(_ node: Node) -> Node { Node(node.content, at: node.position) }

  private func attempting<Value>(
    _ path: ModelPath, _ node: Node, _ body: () throws(GoValueError) -> Value
  ) throws(ComposeError) -> Value {
    do { return try body() } catch { throw ComposeError(error.message, path: path, at: node.position) }
  }

  private func integer(_ node: Node, _ path: ModelPath) throws(ComposeError) -> Node.Content {
    switch node.content {
    case .integer: return node.content
    case .float(let text) where Double(text).map({ $0 == $0.rounded() && abs($0) < 1e15 }) == true:
      return .integer("\(Int64(Double(text) ?? 0))")
    case .string(let text):
      guard let value = Int64(text) else { throw ComposeError("'\(text)' is not a whole number", path: path, at: node.position) }
      return .integer("\(value)")
    default: throw mismatch("a whole number", node, path)
    }
  }

  private func number(_ node: Node, _ path: ModelPath) throws(ComposeError) -> Node.Content {
    switch node.content {
    case .integer, .float: return node.content
    case .string(let text):
      let parsed = try Node(scalar: text, isPlain: true, tag: nil, at: node.position).content
      switch parsed {
      case .integer, .float: return parsed
      default: throw ComposeError("'\(text)' is not a number", path: path, at: node.position)
      }
    default: throw mismatch("a number", node, path)
    }
  }

  private func flag(_ node: Node, _ path: ModelPath) throws(ComposeError) -> Node.Content {
    switch node.content {
    case .bool: return node.content
    case .string(let text):
      switch text.lowercased() {
      case "true", "y", "yes", "on", "1", "t": return .bool(true)
      case "false", "n", "no", "off", "0", "f": return .bool(false)
      default: throw ComposeError("'\(text)' is not a boolean", path: path, at: node.position)
      }
    default: throw mismatch("a boolean", node, path)
    }
  }

  private func bytes(_ node: Node, _ path: ModelPath) throws(ComposeError) -> String {
    switch node.content {
    case .integer(let text): return text
    case .float(let text), .string(let text):
      return try attempting(path, node) { () throws(GoValueError) in "\(try byteCount(text))" }
    default: throw mismatch("a size", node, path)
    }
  }

  private func list(_ node: Node, _ form: Form, _ path: ModelPath) throws(ComposeError) -> Node.Content {
    guard let items = node.sequence else { throw mismatch("a list", node, path) }
    var results: [Node] = []
    for (index, item) in items.enumerated() { results.append(try convert(item, form, path.appending(index))) }
    return .sequence(results)
  }

  private func keyValues(_ node: Node, _ keepsNull: Bool, _ path: ModelPath) throws(ComposeError) -> Node.Content {
    guard let mapping = try MergeRule.keyValue.longForm(node, path).mapping else { throw mismatch("a mapping or a list", node, path) }
    var result = Mapping()
    for entry in mapping.entries {
      var value = entry.value
      if value.mergeTag != .reset {
        if value.isNull {
          if !keepsNull { value.content = .string("") }
        } else {
          value = try convert(value, .scalar, path.appending(entry.key))
        }
      }
      result.set(entry.key, value, keyPosition: entry.keyPosition)
    }
    return .mapping(result)
  }

  private func command(_ node: Node, _ path: ModelPath) throws(ComposeError) -> Node.Content {
    switch node.content {
    case .null: return .null
    case .string(let text):
      let words = try attempting(path, node) { () throws(GoValueError) in try shellWords(text) }
      return .sequence(words.map { Node(.string($0), at: node.position) })
    default: return try list(node, .scalar, path)
    }
  }

  private func object(
    _ node: Node, _ attributes: [String: Form], _ required: [String], _ path: ModelPath
  ) throws(ComposeError) -> Node.Content {
    guard let mapping = node.mapping else { throw mismatch("a mapping", node, path) }
    var result = Mapping()
    for entry in mapping.entries {
      var value = entry.value
      if !entry.key.hasPrefix("x-") {
        guard let form = attributes[entry.key] else {
          throw ComposeError("additional property '\(entry.key)' is not allowed", path: path, at: entry.keyPosition)
        }
        value = try convert(value, form, path.appending(entry.key))
      }
      result.set(entry.key, value, keyPosition: entry.keyPosition)
    }
    for name in required where result[name] == nil {
      throw ComposeError("'\(name)' is required", path: path, at: node.position)
    }
    return .mapping(result)
  }

  private func names(_ node: Node, _ form: Form, _ path: ModelPath) throws(ComposeError) -> Node.Content {
    guard let mapping = node.mapping else { throw mismatch("a mapping", node, path) }
    var result = Mapping()
    for entry in mapping.entries {
      result.set(entry.key, try convert(entry.value, form, path.appending(entry.key)), keyPosition: entry.keyPosition)
    }
    return .mapping(result)
  }

  private func nameList(
    _ node: Node, _ form: Form, _ value: (@Sendable (SourcePosition) -> Node)?, _ path: ModelPath
  ) throws(ComposeError) -> Node.Content {
    guard let items = node.sequence else { return try names(node, form, path) }
    var result = Mapping()
    for (index, item) in items.enumerated() {
      guard let name = item.string else { throw mismatch("a string", item, path.appending(index)) }
      if result[name] != nil { throw ComposeError("'\(name)' is listed twice", path: path.appending(index), at: item.position) }
      result.set(name, value?(item.position) ?? Node(.null, at: item.position), keyPosition: item.position)
    }
    return .mapping(result)
  }

  /// A path of this machine from the file's directory on, without `.` and `..`.
  func absolute(_ path: String) -> String {
    if path == "~" || path.hasPrefix("~/"), let home { return cleanedPath(home + path.dropFirst()) }
    if path.hasPrefix("/") { return path }
    return cleanedPath(directory + "/" + path)
  }
}

/// A path without `.`, `..` and doubled slashes; not looked up, so symbolic links count as directories.
package func cleanedPath(_ path: String) -> String {
  var components: [Substring] = []
  for component in path.split(separator: "/") {
    switch component {
    case ".": continue
    case "..": _ = components.popLast()
    default: components.append(component)
    }
  }
  return "/" + components.joined(separator: "/")
}
