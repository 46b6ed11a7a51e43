internal import CommandSupport
internal import Compose
internal import JSON
internal import Linux
internal import SystemPackage

/// docker compose's exit codes for a project that cannot be read.
enum ComposeExit {
  /// A file is not there.
  static let missingFile: Int32 = 14
  static let invalidProject: Int32 = 15

  static func status(_ error: ComposeError) -> Int32 {
    switch error.kind {
    case .missingFile: missingFile
    case .invalidProject: invalidProject
    }
  }
}

/// `cfparse [config] [OPTIONS] [FILE…|-]`: the merged, interpolated and validated project as JSON.
let configVerb = Verb(
  "config", "[OPTIONS] [FILE…|-]", "write the merged project as JSON; what cfparse does when no verb is named",
  options: [
    .list("f", "file", placeholder: "FILE", help: "a Compose file; later ones are laid on earlier ones; - is standard input"),
    .value("p", "project-name", placeholder: "NAME", help: "the project's name"),
    .list("env-file", placeholder: "FILE", help: "an environment file instead of the project directory's .env"),
    .value("project-directory", placeholder: "DIR", help: "the project's directory; else the first file's"),
    .list("profile", placeholder: "NAME", help: "activate the services of a profile, or of all with '*'"),
    .flag("compact", help: "write the JSON on one line"),
    .value("o", "output", placeholder: "FILE", help: "write the JSON to a file, and the project's name to standard output"),
  ]
) { parsed in
  do {
    let input = try ProjectInput(parsed)
    let project = try ComposeProject(
      input.files, name: input.name, directory: input.directory, profiles: input.profiles, environment: input.environment,
      home: Environment["HOME"], read: ProjectInput.content)
    for name in project.unsetVariables { Diagnostics.warning("the variable '\(name)' is not set, it is a blank string") }
    for warning in project.warnings { Diagnostics.warning(warning) }
    let json = project.json.serialized(pretty: !parsed.flag("compact")) + [0x0A]
    guard let file = parsed.value("output") else {
      write(json)
      return ExitCode.success
    }
    try replaceFile(FilePath(file), with: json, durable: false)
    printLine(project.name)
    return ExitCode.success
  } catch let error as ComposeError {
    Diagnostics.error("\(error)")
    return ComposeExit.status(error)
  }
}

/// Writes to standard output; a reader that went away ends the process quietly.
private func write(_ bytes: [UInt8]) {
  do { try StandardStream.output.write(bytes) } catch {
    if error.errno == .brokenPipe { exitProcess(ExitCode.failure) }
    fail("standard output: \(error.errno)")
  }
}
