internal import CommandSupport
internal import Compose
internal import JSON
internal import Linux
internal import SystemPackage

private let runRoot = Option.value(
  "run-root", placeholder: "DIR", help: "state until the next boot, where files of secrets are made (default $TOTE_RUN, else /run/tote)")

/// `cfparse plan`: from a model and what is there to what has to be done.
let planVerb = Verb(
  "plan", "[OPTIONS] [MODEL|-]", "write the steps that make a project as its model says, one a line",
  options: [
    .value(
      "state", placeholder: "FILE", help: "what is there: lines of container, network, volume, image (cfparse(1)); none where it is absent"),
    .list("service", placeholder: "NAME", help: "only this service and what it depends on; may be repeated"),
    .flag("no-deps", help: "leave out what the services depend on"),
    .list("scale", placeholder: "SERVICE=N", help: "how many containers a service gets"),
    .flag("force-recreate", help: "replace containers that are as the model says, too"),
    .flag("no-recreate", help: "replace none"),
    .flag("remove-orphans", help: "remove containers of services that the model does not have"),
    .flag("elements-only", help: "only networks, volumes and files of secrets and configs, no containers"),
    .flag("no-start", help: "make containers and do not start them"),
    .value("format", placeholder: "FORMAT", help: "json (the default), or shell: calls of a function 'perform'"),
    runRoot,
  ],
  operandCount: 0...1
) { parsed in
  try reporting {
    let project = try projectModel(parsed.operands.first ?? "-", parsed)
    var state = ""
    if let file = parsed.value("state") { state = String(decoding: try ProjectInput.content(file), as: UTF8.self) }
    let plan = try ProjectPlan(project, try ObservedState(parsing: state), try planOptions(parsed))
    let isShell = try isShellFormat(parsed)
    for step in plan.steps { printLine(isShell ? "perform " + step.shellLine : step.json.description) }
    if !plan.orphans.isEmpty {
      Diagnostics.warning(
        "found orphan containers (\(plan.orphans.joined(separator: ", "))) for this project: --remove-orphans removes them")
    }
  }
}

/// `cfparse builds`: the builds of a model's images.
let buildsVerb = Verb(
  "builds", "[OPTIONS] [MODEL|-]", "write each service's image and, where it is built, docker build's arguments",
  options: [.value("format", placeholder: "FORMAT", help: "json (the default), or shell"), runRoot], operandCount: 0...1
) { parsed in
  try reporting {
    let isShell = try isShellFormat(parsed)
    for service in try projectModel(parsed.operands.first ?? "-", parsed).services {
      let arguments = try buildArguments(service)
      if isShell {
        printLine(([service.name, service.image, service.pullPolicy] + (arguments ?? [])).map(shellQuoted).joined(separator: " "))
      } else {
        var row: JSONValue = [
          "service": .string(service.name), "image": .string(service.image), "pull_policy": .string(service.pullPolicy),
        ]
        if let arguments { row["arguments"] = .array(arguments.map { .string($0) }) }
        printLine(row.description)
      }
    }
  }
}

/// `cfparse hash`: what containers are compared by.
let hashVerb = Verb("hash", "[MODEL|-]", "write the hash of each service's configuration", options: [runRoot], operandCount: 0...1) {
  parsed in
  try reporting {
    for service in try projectModel(parsed.operands.first ?? "-", parsed).services { printLine("\(service.name) \(configHash(service))") }
  }
}

/// `cfparse arguments`: a container for one command.
let argumentsVerb = Verb(
  "arguments", "[OPTIONS] MODEL SERVICE [COMMAND…]", "write the arguments of docker run for one more container of a service",
  options: [
    .value("name", placeholder: "NAME", help: "the container's name"),
    .value("entrypoint", placeholder: "COMMAND", help: "instead of the service's"),
    .flag("service-ports", help: "publish the service's ports"),
    .list("option", placeholder: "WORD", help: "one more word of docker run's options"),
    runRoot,
  ],
  operandCount: 2...Int.max
) { parsed in
  try reporting {
    let project = try projectModel(parsed.operands[0], parsed)
    guard let service = project.service(parsed.operands[1]) else { throw ComposeError("no such service: \(parsed.operands[1])") }
    var identity = ContainerArguments.Identity(name: parsed.value("name") ?? "\(project.name)-\(service.name)-run", number: 1)
    identity.isOneOff = true
    var overrides = ContainerArguments.Overrides()
    if parsed.operands.count > 2 { overrides.command = Array(parsed.operands.dropFirst(2)) }
    overrides.publishesPorts = parsed.flag("service-ports")
    overrides.entrypoint = parsed.value("entrypoint")
    overrides.options = parsed.values("option")
    printLine(try ContainerArguments.make(service, identity, overrides).map(shellQuoted).joined(separator: " "))
  }
}

private func projectModel(_ file: String, _ parsed: ParsedOptions) throws -> ProjectModel {
  let content = file == "-" ? try StandardStream.input.readAll() : try ProjectInput.content(file)
  do { return try ProjectModel(try JSONValue(parsing: content), volatileRoot: Roots.volatile(parsed.value("run-root")).string) } catch let
    error as ComposeError
  { throw error } catch {
    throw ComposeError("\(file == "-" ? "standard input" : "'\(file)'"): \(error)")
  }
}

private func isShellFormat(_ parsed: ParsedOptions) throws -> Bool {
  switch parsed.value("format") ?? "json" {
  case "json": return false
  case "shell": return true
  case let other: throw UsageError("--format: '\(other)' is neither json nor shell")
  }
}

private func planOptions(_ parsed: ParsedOptions) throws -> ProjectPlan.Options {
  var options = ProjectPlan.Options()
  options.services = parsed.values("service")
  options.ignoresDependencies = parsed.flag("no-deps")
  options.recreates = parsed.flag("force-recreate")
  options.neverRecreates = parsed.flag("no-recreate")
  options.removesOrphans = parsed.flag("remove-orphans")
  options.elementsOnly = parsed.flag("elements-only")
  options.starts = !parsed.flag("no-start")
  for text in parsed.values("scale") {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let count = Int(parts[1]), count >= 0 else { throw UsageError("--scale: '\(text)' is not SERVICE=NUMBER") }
    options.scale[parts[0]] = count
  }
  return options
}
