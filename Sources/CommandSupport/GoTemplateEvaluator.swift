internal import JSON

/// Walks a template's tree over one value and gathers the text.
struct TemplateEvaluator {
  enum Flow { case onward, breakLoop, continueLoop }

  private(set) var output = ""
  private var variables: [(name: String, value: JSONValue)]
  private let isHeader: Bool

  init(_ root: JSONValue, isHeader: Bool = false) {
    variables = [("$", root)]
    self.isHeader = isHeader
  }

  mutating func run(_ nodes: [TemplateNode], _ dot: JSONValue) throws(GoTemplateError) -> Flow {
    for node in nodes {
      let flow = try run(node, dot)
      if flow != .onward { return flow }
    }
    return .onward
  }

  private mutating func run(_ node: TemplateNode, _ dot: JSONValue) throws(GoTemplateError) -> Flow {
    let scope = variables.count
    switch node {
    case .text(let text): output += text
    case .action(let pipeline):
      let value = try evaluate(pipeline, dot)
      if pipeline.variables.isEmpty { output += goText(value) }
      // What an action declares stays in scope after it.
      return .onward
    case .condition(let pipeline, let then, let otherwise):
      defer { variables.removeLast(variables.count - scope) }
      return try run(try condition(pipeline, dot).isTrue ? then : otherwise, dot)
    case .with(let pipeline, let then, let otherwise):
      defer { variables.removeLast(variables.count - scope) }
      let value = try condition(pipeline, dot)
      return value.isTrue ? try run(then, value) : try run(otherwise, dot)
    case .range(let pipeline, let body, let otherwise):
      defer { variables.removeLast(variables.count - scope) }
      return try range(pipeline, body, otherwise, dot)
    case .breakLoop: return .breakLoop
    case .continueLoop: return .continueLoop
    }
    return .onward
  }

  private mutating func condition(_ pipeline: TemplatePipeline, _ dot: JSONValue) throws(GoTemplateError) -> JSONValue {
    do { return try evaluate(pipeline, dot) } catch {
      guard case .missingKey = error else { throw error }
      for name in pipeline.variables { variables.append((name, .null)) }
      return .null
    }
  }

  private mutating func range(
    _ pipeline: TemplatePipeline, _ body: [TemplateNode], _ otherwise: [TemplateNode], _ dot: JSONValue
  ) throws(GoTemplateError) -> Flow {
    var bare = pipeline
    bare.variables = []
    let elements = try elements(of: try evaluate(bare, dot), pipeline)
    if elements.isEmpty { return try run(otherwise, dot) }
    for (key, element) in elements {
      let scope = variables.count
      defer { variables.removeLast(variables.count - scope) }
      switch pipeline.variables.count {
      case 1: bind(pipeline.variables[0], element, assigning: pipeline.assigns)
      case 2:
        bind(pipeline.variables[0], key, assigning: pipeline.assigns)
        bind(pipeline.variables[1], element, assigning: pipeline.assigns)
      default: break
      }
      if try run(body, element) == .breakLoop { break }
    }
    return .onward
  }

  private func elements(
    of value: JSONValue, _ pipeline: TemplatePipeline
  ) throws(GoTemplateError) -> [(key: JSONValue, element: JSONValue)] {
    if let array = value.templateArray { return array.enumerated().map { (.integer($0.offset), $0.element) } }
    if let members = value.templateMembers { return members.map { (.string($0.key), $0.value) } }
    if let count = value.templateInteger { return (0..<max(0, count)).map { (.integer($0), .integer($0)) } }
    if case .null = value { return [] }
    throw .execution("range can't iterate over \(goText(value))", at: pipeline.source)
  }

  private mutating func bind(_ name: String, _ value: JSONValue, assigning: Bool) {
    if assigning, let index = variables.lastIndex(where: { $0.name == name }) {
      variables[index].value = value
    } else {
      variables.append((name, value))
    }
  }

  // MARK: Values

  private mutating func evaluate(_ pipeline: TemplatePipeline, _ dot: JSONValue) throws(GoTemplateError) -> JSONValue {
    var value: JSONValue?
    for command in pipeline.commands { value = try evaluate(command, final: value, dot) }
    let result = value ?? .null
    for name in pipeline.variables { bind(name, result, assigning: pipeline.assigns) }
    return result
  }

  private mutating func evaluate(
    _ command: [TemplateOperand], final: JSONValue?, _ dot: JSONValue
  ) throws(GoTemplateError) -> JSONValue {
    let first = command[0]
    let rest = command.dropFirst()
    switch first {
    case .function("and"), .function("or"):
      return try shortCircuit(first, rest, final: final, dot)
    case .function(let name):
      guard let function = TemplateFunction.named[name] else { throw .syntax("function \(goQuoted(name)) not defined") }
      var arguments: [JSONValue] = []
      for operand in rest { arguments.append(try evaluate(operand, dot)) }
      if let final { arguments.append(final) }
      if isHeader, TemplateFunction.transparentInHeaders.contains(name), let only = arguments.first { return only }
      do throws(TemplateFunction.Failure) { return try function(arguments) } catch {
        throw .execution("error calling \(name): \(error.reason)", at: name)
      }
    case .field(let names) where !rest.isEmpty || final != nil:
      return try label(names, Array(rest), final: final, dot)
    default:
      guard rest.isEmpty, final == nil else {
        throw .execution("can't give argument to non-function \(first.source)", at: first.source)
      }
      return try evaluate(first, dot)
    }
  }

  private mutating func shortCircuit(
    _ function: TemplateOperand, _ operands: ArraySlice<TemplateOperand>, final: JSONValue?, _ dot: JSONValue
  ) throws(GoTemplateError) -> JSONValue {
    let stopsAt = function.source == "or"
    var value: JSONValue?
    for operand in operands {
      let next = try evaluate(operand, dot)
      if next.isTrue == stopsAt { return next }
      value = next
    }
    guard let result = final ?? value else { throw .execution("wrong number of args for \(function.source)", at: function.source) }
    return result
  }

  private mutating func evaluate(_ operand: TemplateOperand, _ dot: JSONValue) throws(GoTemplateError) -> JSONValue {
    switch operand {
    case .dot: return dot
    case .field(let names): return try follow(names, from: dot, operand)
    case .variable(let name, let fields):
      let value = variables.last { $0.name == name }?.value ?? .null
      return try follow(fields, from: value, operand)
    case .function: return try evaluate([operand], final: nil, dot)
    case .string(let text): return .string(text)
    case .integer(let value): return .integer(value)
    case .number(let value): return JSONNumber(value).map { .number($0) } ?? .null
    case .bool(let value): return .bool(value)
    case .nil: return .null
    case .pipeline(let pipeline, let fields):
      let scope = variables.count
      defer { variables.removeLast(variables.count - scope) }
      return try follow(fields, from: try evaluate(pipeline, dot), operand)
    }
  }

  private func follow(
    _ names: [String], from start: JSONValue, _ operand: TemplateOperand
  ) throws(GoTemplateError) -> JSONValue {
    var value = start
    for name in names {
      if case .null = value { throw .missingKey(name, in: operand.source) }
      guard value.objectValue != nil else {
        throw .execution("can't evaluate field \(name) in type \(value.templateType)", at: operand.source)
      }
      guard let member = value.templateMember(name) else { throw .missingKey(name, in: operand.source) }
      value = member
    }
    return value
  }

  /// `.Label "name"`: one of the labels in `.Labels`, which is an object or docker's `a=b,c=d`; empty where there is none.
  private mutating func label(
    _ names: [String], _ operands: [TemplateOperand], final: JSONValue?, _ dot: JSONValue
  ) throws(GoTemplateError) -> JSONValue {
    let source = TemplateOperand.field(names).source
    var arguments: [JSONValue] = []
    for operand in operands { arguments.append(try evaluate(operand, dot)) }
    if let final { arguments.append(final) }
    guard names.last == "Label", arguments.count == 1, let name = arguments[0].templateString else {
      throw .execution("\(names.last ?? "") has arguments but cannot be invoked as function", at: source)
    }
    if isHeader { return .string(name.split(whereSeparator: { $0 == "-" || $0 == "_" || $0 == "." }).last.map(String.init) ?? name) }
    let labels = try follow(names.dropLast() + ["Labels"], from: dot, .field(names))
    if let members = labels.objectValue { return members[name] ?? .string("") }
    for pair in (labels.templateString ?? "").split(separator: ",") where pair.hasPrefix(name + "=") {
      return .string(String(pair.dropFirst(name.count + 1)))
    }
    return .string("")
  }
}
