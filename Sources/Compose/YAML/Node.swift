/// A value of a YAML document with the place where it stands. Aliases and merge keys are resolved.
package struct Node: Sendable {
  package enum Content: Sendable {
    case null
    case bool(Bool)
    /// A whole number as JSON spells it.
    case integer(String)
    /// A decimal number as JSON spells it.
    case float(String)
    case string(String)
    case sequence([Node])
    case mapping(Mapping)
  }

  /// What a tag asks of a merge (compose-spec, "Reset value" and "Replace value").
  package enum MergeTag: Sendable { case reset, override }

  package var content: Content
  package var position: SourcePosition
  package var mergeTag: MergeTag?

  package init(_ content: Content, at position: SourcePosition, mergeTag: MergeTag? = nil) {
    self.content = content
    self.position = position
    self.mergeTag = mergeTag
  }

  /// What kind of value this is, as messages name it.
  package var kind: String {
    switch content {
    case .null: "null"
    case .bool: "a boolean"
    case .integer, .float: "a number"
    case .string: "a string"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  package var isNull: Bool { if case .null = content { true } else { false } }
  package var string: String? { if case .string(let text) = content { text } else { nil } }
  package var sequence: [Node]? { if case .sequence(let nodes) = content { nodes } else { nil } }
  package var mapping: Mapping? { if case .mapping(let mapping) = content { mapping } else { nil } }

  /// The text of a scalar; nil for null and collections.
  package var scalarText: String? {
    switch content {
    case .bool(let value): value ? "true" : "false"
    case .integer(let text), .float(let text), .string(let text): text
    case .null, .sequence, .mapping: nil
    }
  }

  package subscript(key: String) -> Node? { mapping?[key] }
}
