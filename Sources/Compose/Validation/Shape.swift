/// Which kinds of value an attribute takes.
struct Shape: OptionSet {
  let rawValue: Int

  static let string = Shape(rawValue: 1)
  static let number = Shape(rawValue: 2)
  static let bool = Shape(rawValue: 4)
  static let list = Shape(rawValue: 8)
  static let mapping = Shape(rawValue: 16)
  static let null = Shape(rawValue: 32)

  func accepts(_ node: Node) -> Bool {
    switch node.content {
    case .null: contains(.null)
    case .bool: contains(.bool)
    case .integer, .float: contains(.number)
    case .string: contains(.string)
    case .sequence: contains(.list)
    case .mapping: contains(.mapping)
    }
  }

  /// `a string or a list`.
  var description: String {
    let names: [(Shape, String)] = [
      (.string, "a string"), (.number, "a number"), (.bool, "a boolean"), (.list, "a list"), (.mapping, "a mapping"), (.null, "null"),
    ]
    return names.filter { contains($0.0) }.map(\.1).joined(separator: " or ")
  }
}
