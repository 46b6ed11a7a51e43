internal import CommandSupport
internal import OCIRuntimeSpec

/// The program with runc's verbs and options.
let program = Program(
  "runc-swift", "Creates and runs containers as the OCI runtime specification says, with runc's command line",
  version: "runc-swift version \(toteVersion)\nspec: \(OCIVersion.current)",
  globals: [
    .value("root", placeholder: "DIR", help: "where the state of containers is kept (default /run/runc-swift)"),
    .value("log", placeholder: "FILE", help: "append messages to FILE instead of standard error"),
    .value("log-format", placeholder: "FORMAT", help: "text (default) or json"),
    .flag("debug", help: "say more"),
    .flag("systemd-cgroup", help: "let systemd make the cgroup: not supported"),
    .value("rootless", placeholder: "BOOL", help: "taken for runc's sake: what may not be done is found out"),
    .value("criu", placeholder: "PATH", help: "taken for runc's sake"),
  ],
  verbs: [
    createVerb, deleteVerb, eventsVerb, execVerb, featuresVerb, killVerb, listVerb, pauseVerb, psVerb, resumeVerb, runVerb, specVerb,
    startVerb,
    stateVerb, updateVerb,
  ] + checkpointVerbs,
  usageExit: ExitCode.failure)
