internal import CommandSupport
internal import Compose
internal import JSON
internal import Linux

/// `cfparse convert --to kubernetes [OPTIONS] [FILE…|-]`: the project as manifests.
let convertVerb = Verb(
  "convert", "--to kubernetes [OPTIONS] [FILE…|-]", "write the project as Kubernetes manifests",
  options: ProjectInput.options + [
    .value("to", placeholder: "KIND", help: "kubernetes"),
    .value("format", placeholder: "FORMAT", help: "yaml (the default), or json: one List"),
  ]
) { parsed in
  guard let kind = parsed.value("to") else { throw UsageError("--to is missing: kubernetes is what can be converted to") }
  guard kind == "kubernetes" else { throw UsageError("--to: '\(kind)' is not kubernetes") }
  let format = parsed.value("format") ?? "yaml"
  guard ["yaml", "json"].contains(format) else { throw UsageError("--format: '\(format)' is neither yaml nor json") }
  return try reporting {
    let project = try ProjectInput(parsed).project()
    let manifests = try KubernetesManifests(ProjectModel(project.json, volatileRoot: "/"), content: content)
    for warning in manifests.warnings { Diagnostics.warning(warning) }
    if format == "json" {
      let list: JSONValue = ["apiVersion": "v1", "kind": "List", "items": .array(manifests.documents)]
      writeOutput(list.serialized(pretty: true) + [0x0A])
    } else {
      writeOutput(Array(manifests.documents.map { YAMLText($0).bytes }.joined(separator: Array("---\n".utf8))))
    }
  }
}

private func content(_ origin: Grant.Origin, _ file: String) throws(ComposeError) -> [UInt8] {
  switch origin {
  case .content(let text): return Array(text.utf8)
  case .environment(let variable):
    guard let value = Environment[variable] else {
      throw ComposeError("environment variable \"\(variable)\" required by a secret or config is not set")
    }
    return Array(value.utf8)
  case .file: return try ProjectInput.content(file)
  }
}
