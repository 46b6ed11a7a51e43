internal import CommandSupport
internal import Dockerfile

/// `dfparse graph [FILE|-]`: stages and what they need, for Graphviz or Mermaid.
let graphVerb = Verb(
  "graph", "[OPTIONS] [FILE|-]", "draw the stages and what they need",
  options: [
    DockerfileInput.option,
    .value("format", placeholder: "FORMAT", help: "dot (Graphviz, the default) or mermaid"),
    .flag("steps", help: "draw the steps of each stage, too"),
  ] + BuildArguments.options, operandCount: 0...1
) { parsed in
  let name = parsed.value("format") ?? "dot"
  guard let format = Drawing.Format(rawValue: name) else { throw UsageError("--format '\(name)': expected dot or mermaid") }
  let input = try DockerfileInput(parsed)
  let document = try input.parse()
  let (graph, stages) = try BuildArguments(parsed).graph(document, input)
  var drawing = Drawing(format: format, showsSteps: parsed.flag("steps"))
  for index in stages.sorted() { drawing.add(document.stages[index], index, graph.needs[index]) }
  writeOutput(drawing.text)
  return ExitCode.success
}
