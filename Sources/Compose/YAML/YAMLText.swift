package import JSON

/// JSON as block YAML, the way Go's yaml.v3 prints it with an indentation of two: docker compose's and kubectl's spelling.
package struct YAMLText {
  package private(set) var bytes: [UInt8] = []

  package init(_ value: JSONValue) {
    switch value {
    case .object(let object) where !object.isEmpty: append(object, indentation: 0, continuesLine: false)
    case .array(let values) where !values.isEmpty: append(values, indentation: 0, continuesLine: false)
    default:
      append(scalar: value, indentation: 0)
      newline()
    }
  }

  private mutating func append(_ text: some StringProtocol) { bytes.append(contentsOf: text.utf8) }
  private mutating func newline() { bytes.append(UInt8(ascii: "\n")) }
  private mutating func indent(_ indentation: Int) { bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation)) }

  /// - Parameter continuesLine: whether the first entry stands behind the `- ` of a list.
  private mutating func append(_ object: JSONObject, indentation: Int, continuesLine: Bool) {
    for (position, member) in object.enumerated() {
      if position > 0 || !continuesLine { indent(indentation) }
      append(YAMLScalar(member.key, isKey: true).text(indentation: 0) + ":")
      append(behindKey: member.value, indentation: indentation)
    }
  }

  private mutating func append(_ values: [JSONValue], indentation: Int, continuesLine: Bool) {
    for (position, value) in values.enumerated() {
      if position > 0 || !continuesLine { indent(indentation) }
      append("- ")
      switch value {
      case .object(let object) where !object.isEmpty: append(object, indentation: indentation + 2, continuesLine: true)
      case .array(let values) where !values.isEmpty: append(values, indentation: indentation + 2, continuesLine: true)
      default:
        append(scalar: value, indentation: indentation + 2)
        newline()
      }
    }
  }

  private mutating func append(behindKey value: JSONValue, indentation: Int) {
    switch value {
    case .object(let object) where !object.isEmpty:
      newline()
      append(object, indentation: indentation + 2, continuesLine: false)
    case .array(let values) where !values.isEmpty:
      newline()
      append(values, indentation: indentation + 2, continuesLine: false)
    default:
      append(" ")
      append(scalar: value, indentation: indentation + 2)
      newline()
    }
  }

  private mutating func append(scalar value: JSONValue, indentation: Int) {
    switch value {
    case .string(let text): append(YAMLScalar(text, isKey: false).text(indentation: indentation))
    // Numbers, booleans, null, and collections without elements are spelled as in JSON.
    default: append(value.description)
    }
  }
}
