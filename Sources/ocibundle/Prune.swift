internal import Bundle
internal import CommandSupport

let prune = Verb(
  "prune", aliases: ["gc"], "[OPTIONS]", "Remove all containers that do not run, and what was left half made",
  options: [
    .flag("force", "f", help: "there is no question to answer; for scripts written for docker"),
    .flag("volumes", "v", help: "remove their anonymous volumes as well"),
    .flag("abandoned", help: "only what was left half made"),
  ], operandCount: 0...0
) { options in
  let removal = Removal(try places(options), force: false, volumes: options.flag("volumes"))
  if options.flag("abandoned") {
    for id in try removal.collectAbandoned() { printLine(id) }
    return ExitCode.success
  }
  let removed = try removal.prune()
  if !removed.ids.isEmpty { printLine("Deleted Containers:\n\(removed.ids.joined(separator: "\n"))\n") }
  printLine("Total reclaimed space: \(humanSize(removed.bytes))")
  return ExitCode.success
}
