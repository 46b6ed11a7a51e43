package import JSON

/// A template in Go's text/template language, as docker's `--format` takes it, over JSON values.
///
/// Fields, variables, pipelines, `if`, `else if`, `with`, `range` with `break` and `continue`, `$x := …`, comments and trimming;
/// the functions of text/template and docker's own (`json split join title lower upper pad truncate`). A field that an object
/// does not have is an error, except in a condition, where it is false. `.Label "name"` reads one of `.Labels`.
package struct GoTemplate: Sendable {
  /// As typed, without docker's `table` prefix.
  package let text: String
  private let nodes: [TemplateNode]

  /// Parses `text`, in which the two characters `\t` or `\n` stand for a tab or a line end, as docker has it.
  package init(_ text: String) throws(GoTemplateError) {
    self.text = text
    nodes = try TemplateParser.nodes(of: text.replacing("\\t", with: "\t").replacing("\\n", with: "\n"))
  }

  /// What the template makes of `value`, without a line end of its own.
  package func render(_ value: JSONValue) throws(GoTemplateError) -> String {
    var evaluator = TemplateEvaluator(value)
    _ = try evaluator.run(nodes, value)
    return evaluator.output
  }

  /// A table's header line: the template over the columns' titles, in which functions leave their text alone.
  package func renderHeader(_ titles: JSONValue) throws(GoTemplateError) -> String {
    var evaluator = TemplateEvaluator(titles, isHeader: true)
    _ = try evaluator.run(nodes, titles)
    return evaluator.output
  }
}

package enum GoTemplateError: Error, Hashable, CustomStringConvertible {
  /// The text is not a template.
  case syntax(String)
  /// An object has no such field.
  case missingKey(String, in: String)
  /// A function or field does not suit the value that it was given.
  case execution(String, at: String)

  package var description: String {
    switch self {
    case .syntax(let reason): "template parsing error: template: :1: \(reason)"
    case .missingKey(let key, let source):
      "template: :1: executing \"\" at <\(source)>: map has no entry for key \(goQuoted(key))"
    case .execution(let reason, let source): "template: :1: executing \"\" at <\(source)>: \(reason)"
    }
  }
}
