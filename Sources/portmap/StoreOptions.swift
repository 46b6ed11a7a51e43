internal import CommandSupport
internal import Linux
internal import Network
internal import SystemPackage

/// Where everything is kept; the same options as all of tote's tools have.
let storeOptions: [Option] = [
  .value("root", placeholder: "DIR", help: "durable state (default $TOTE_ROOT, else /var/lib/tote)"),
  .value("run-root", placeholder: "DIR", help: "state until the next boot (default $TOTE_RUN, else /run/tote)"),
]

extension NetworkStore {
  init(_ options: ParsedOptions) {
    self.init(root: Roots.durable(options.value("root")), runRoot: Roots.volatile(options.value("run-root")))
  }
}

/// docker's exit code for a port that cannot be published: its `run` answers the same.
let publishFailed = ExitCode.containerFailed

/// Runs `body`; what docker answers 125 to is answered so here, other failures by 1.
func answering(_ body: () throws(NetworkError) -> Void) -> Int32 {
  do {
    try body()
    return ExitCode.success
  } catch {
    Diagnostics.error("\(error)")
    return error.kind == .invalid || error.kind == .conflict ? publishFailed : ExitCode.failure
  }
}
