/// What is wrong with a JSON text, or with a value that does not have the shape asked for.
package struct JSONError: Error, Sendable, Hashable {
  package enum Location: Sendable, Hashable {
    /// In the text. `offset` is in bytes from 0; `line` and `column` count from 1, columns in Unicode scalars.
    case text(offset: Int, line: Int, column: Int)
    /// In the value.
    case value(JSONPath)
  }

  package var location: Location
  package var message: String

  package init(at path: JSONPath = JSONPath(), _ message: String) {
    location = .value(path)
    self.message = message
  }

  init(_ failure: JSONParser.Failure, in bytes: Span<UInt8>) {
    var line = 1
    var column = 1
    for index in 0..<Swift.min(failure.offset, bytes.count) {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    location = .text(offset: failure.offset, line: line, column: column)
    message = failure.message
  }

  /// An error of Codable, in our words. A synthesised `init(from:)` throws these for missing properties.
  init(_ error: DecodingError) {
    switch error {
    case .keyNotFound(let key, let context):
      self.init(at: JSONPath(context.codingPath + [key]), "missing")
    case .valueNotFound(_, let context), .typeMismatch(_, let context), .dataCorrupted(let context):
      self.init(at: JSONPath(context.codingPath), context.debugDescription)
    @unknown default:
      self.init("\(error)")
    }
  }

  /// Any error that came out of a Codable type.
  init(wrapping error: any Error) {
    if let error = error as? JSONError {
      self = error
    } else if let error = error as? DecodingError {
      self.init(error)
    } else if let error = error as? EncodingError, case .invalidValue(_, let context) = error {
      self.init(at: JSONPath(context.codingPath), context.debugDescription)
    } else {
      self.init("\(error)")
    }
  }
}

extension JSONError: CustomStringConvertible {
  /// `linux.namespaces[2].type: unknown value 'x'`, or `3:14: expected ':'` with line and column.
  package var description: String {
    switch location {
    case .text(_, let line, let column): "\(line):\(column): \(message)"
    case .value(let path): path.components.isEmpty ? message : "\(path): \(message)"
    }
  }
}
