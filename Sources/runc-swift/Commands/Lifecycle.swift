internal import CommandSupport
internal import Linux
internal import Runtime

let startVerb = Verb("start", "CONTAINER", "run the program of a container that was created", operandCount: 1...1) { options in
  try Invocation.run("start", options) { invocation in
    try invocation.container().start(notifySocket: notifySocket)
    return ExitCode.success
  }
}

let killVerb = Verb(
  "kill", "CONTAINER [SIGNAL]", "send a signal (default TERM) to the container's process",
  options: [.flag("all", "a", help: "to every process of the container")], operandCount: 1...2
) { options in
  try Invocation.run("kill", options) { invocation in
    let text = options.operands.dropFirst().first ?? "SIGTERM"
    // 0 asks whether there is a process (kill(2)).
    guard let signal = text == "0" ? 0 : Signal.number(text) else { throw RuntimeError.message("unknown signal \"\(text)\"") }
    try invocation.container().kill(signal, all: options.flag("all"))
    return ExitCode.success
  }
}

let deleteVerb = Verb(
  "delete", "CONTAINER", "remove what is left of a container that has stopped",
  options: [.flag("force", "f", help: "kill it first; no error if there is none")], operandCount: 1...1
) { options in
  try Invocation.run("delete", options) { invocation in
    let force = options.flag("force")
    let id = try invocation.id()
    let directory: StateDirectory
    do throws(RuntimeError) { directory = try invocation.root.find(id) } catch {
      if force, error == .message("container does not exist") { return ExitCode.success }
      throw error
    }
    if force, try directory.record() == nil {
      try invocation.root.deleteUnfinished(id)
      return ExitCode.success
    }
    try Container(id, in: invocation.root).delete(force: force, warn: invocation.warn)
    return ExitCode.success
  }
}

let stateVerb = Verb("state", "CONTAINER", "print the container's state as JSON", operandCount: 1...1) { options in
  try Invocation.run("state", options) { invocation in
    printLine(try invocation.container().stateDocument())
    return ExitCode.success
  }
}
