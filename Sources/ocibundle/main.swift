internal import CommandSupport
internal import Linux

let program = Program(
  "ocibundle", "Make OCI runtime bundles from images and look after the containers made of them",
  version: "ocibundle \(toteVersion)",
  globals: [
    .value("root", placeholder: "DIR", help: "where images and containers are kept (TOTE_ROOT, /var/lib/tote)"),
    .value("run-root", placeholder: "DIR", help: "where the state of running containers is kept (TOTE_RUN, /run/tote)"),
  ],
  verbs: [
    create, mount, unmount, delete, process, list, resolve, root, inspect, port, rename, update, connect, disconnect, stats, volume,
    diskUsage,
    prune, check,
  ])

exitProcess(program.run(Array(CommandLine.arguments.dropFirst())))
