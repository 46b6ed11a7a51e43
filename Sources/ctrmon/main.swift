internal import CommandSupport
internal import Linux

let program = Program(
  "ctrmon", "Hold a container: its input and output, its log, its end, its restarts.", version: "ctrmon \(toteVersion)",
  globals: [
    .value("run-root", placeholder: "DIR", help: "where what goes with a reboot is kept (default $TOTE_RUN, else /run/tote)")
  ],
  verbs: [
    runVerb, startVerb, restartVerb, attachVerb, waitVerb, stopVerb, killVerb, logsVerb, eventsVerb,
  ])

exitProcess(program.run(Array(CommandLine.arguments.dropFirst())))
