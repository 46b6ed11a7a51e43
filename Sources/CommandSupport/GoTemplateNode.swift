/// What a template is made of, after parsing (Go's text/template/parse, the part of it that command lines use).
indirect enum TemplateNode: Sendable {
  case text(String)
  case action(TemplatePipeline)
  case condition(TemplatePipeline, then: [TemplateNode], otherwise: [TemplateNode])
  case with(TemplatePipeline, then: [TemplateNode], otherwise: [TemplateNode])
  case range(TemplatePipeline, body: [TemplateNode], otherwise: [TemplateNode])
  case breakLoop
  case continueLoop
}

/// Commands joined by `|`, each getting the value of the one before as its last argument.
struct TemplatePipeline: Sendable {
  /// `$x :=`, or for a range `$index, $element :=`; with the dollar sign.
  var variables: [String] = []
  /// `$x = …` rather than `$x := …`.
  var assigns = false
  var commands: [[TemplateOperand]]
  /// As typed, for messages.
  var source: String
}

indirect enum TemplateOperand: Sendable {
  case dot
  case field([String])
  case variable(String, fields: [String])
  case function(String)
  case string(String)
  case integer(Int64)
  case number(Double)
  case bool(Bool)
  case `nil`
  case pipeline(TemplatePipeline, fields: [String])
}

extension TemplateOperand {
  /// As Go prints it in a message: `<.State.Pid>`.
  var source: String {
    switch self {
    case .dot: "."
    case .field(let names): names.map { "." + $0 }.joined()
    case .variable(let name, let fields): name + fields.map { "." + $0 }.joined()
    case .function(let name): name
    case .string(let text): goQuoted(text)
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .nil: "nil"
    case .pipeline(let pipeline, let fields): "(" + pipeline.source + ")" + fields.map { "." + $0 }.joined()
    }
  }
}
