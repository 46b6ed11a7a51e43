/// One `RUN --mount`, its values not yet expanded: BuildKit looks at them when the step runs, so a bad one is an error then
/// (``resolved(expanding:)``).
package struct Mount: Hashable, Sendable {
  package struct Option: Hashable, Sendable {
    /// `type`, `from`, `source`, `target`, `readonly`, `readwrite`, `required`, `size`, `id`, `sharing`, `mode`, `uid`, `gid`, `env`;
    /// aliases (`src`, `dst`, `destination`, `ro`, `rw`) are replaced by these. Another name is an error when the step runs.
    package var key: String
    /// nil for a bare word such as `readonly`.
    package var value: String?

    package init(key: String, value: String?) {
      self.key = key
      self.value = value
    }
  }

  /// In the order written; each key once, the last one of several.
  package var options: [Option]

  package init(options: [Option]) { self.options = options }

  static let aliases = ["src": "source", "dst": "target", "destination": "target", "ro": "readonly", "rw": "readwrite"]

  init(_ piece: Piece, _ context: InstructionContext) throws(DockerfileError) {
    options = []
    for field in try context.fields(piece, "mount") {
      var option = Option(key: field.lowercased(), value: nil)
      if let equals = field.firstIndex(of: "=") {
        option.key = field[..<equals].lowercased()
        option.value = String(field[field.index(after: equals)...])
      }
      if option.key == "from", let value = option.value, let dollar = value.firstIndex(of: "$"),
        value.index(after: dollar) != value.endIndex
      {
        throw context.fault("'from' of a mount takes no variables, define a stage with that image instead", at: piece)
      }
      option.key = Self.aliases[option.key] ?? option.key
      options.removeAll { $0.key == option.key }
      options.append(option)
    }
  }

  /// The value of an option, "" for a bare word; nil where it is not there.
  package subscript(key: String) -> String? { options.first { $0.key == key }.map { $0.value ?? "" } }

  func write(to members: inout MemberWriter) {
    for option in options {
      if let value = option.value { members.member(named: option.key, string: value) } else { members.member(namedTrue: option.key) }
    }
  }
}

extension Mount: Decodable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Members.Key.self)
    options = []
    for key in container.allKeys {
      if let flag = try? container.decode(Bool.self, forKey: key) {
        options.append(Option(key: key.stringValue, value: flag ? nil : "false"))
      } else if let number = try? container.decode(Int.self, forKey: key) {
        options.append(Option(key: key.stringValue, value: String(number)))
      } else {
        options.append(Option(key: key.stringValue, value: try container.decode(String.self, forKey: key)))
      }
    }
    // `required` and `size` are judged by the type before them.
    if let index = options.firstIndex(where: { $0.key == "type" }) { options.insert(options.remove(at: index), at: 0) }
  }
}

extension InstructionContext {
  /// The comma-separated fields of a flag's value (RFC 4180: a field may be in double quotes).
  func fields(_ piece: Piece, _ subject: String) throws(DockerfileError) -> [String] {
    guard let fields = commaSeparated(piece.text) else {
      throw fault("'\(piece.text)' is no list of comma-separated \(subject) options", at: piece)
    }
    return fields
  }
}

/// Splits a line of comma-separated values; nil where a quote stands where none may.
func commaSeparated(_ text: String) -> [String]? {
  var fields: [String] = []
  var rest = Substring(text).utf8
  while true {
    var field: [UInt8] = []
    if rest.first == Byte.doubleQuote {
      rest.removeFirst()
      while true {
        guard let byte = rest.popFirst() else { return nil }
        if byte != Byte.doubleQuote {
          field.append(byte)
        } else if rest.first == Byte.doubleQuote {
          field.append(byte)
          rest.removeFirst()
        } else {
          break
        }
      }
      if let next = rest.first, next != Byte.comma { return nil }
    } else {
      while let byte = rest.first, byte != Byte.comma {
        if byte == Byte.doubleQuote { return nil }
        field.append(byte)
        rest.removeFirst()
      }
    }
    fields.append(String(decoding: field, as: UTF8.self))
    if rest.popFirst() == nil { return fields }
  }
}
