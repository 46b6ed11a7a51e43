internal import CommandSupport
internal import Linux
internal import Runtime
internal import SystemPackage

let runVerb = Verb(
  "run", "[OPTIONS] CONTAINER", "create a container, start it and wait for its end",
  options: creationOptions + [
    .flag("detach", "d", help: "do not wait"),
    .flag("keep", help: "leave the container's state behind when it has ended"),
    .flag("no-subreaper", help: "do not adopt the container's orphans"),
  ], operandCount: 1...1
) { options in
  try protectProgram()
  return try Invocation.run("run", options) { invocation in
    let isDetached = options.flag("detach")
    var request = try creationRequest(invocation)
    request.startsAtOnce = true
    request.holdsTerminal = !isDetached
    if !isDetached, !options.flag("no-subreaper") { try ProcessAttributes.setChildSubreaper() }
    let created = try request.create()
    let container = created.container
    do {
      if isDetached {
        try created.start()
        return ExitCode.success
      }
      let status = try created.startAndWait()
      if !options.flag("keep") { try container.delete(force: true, warn: invocation.warn) }
      return status
    } catch {
      try? container.delete(force: true, warn: { _ in })
      throw error
    }
  }
}
