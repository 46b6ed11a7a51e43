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

/// Whom a verb is about: the container whose state a runtime hands over on standard input, or the id that was typed.
func container(_ options: ParsedOptions) throws -> (identifier: String, state: ContainerState?) {
  let operand = options.operands.first ?? "-"
  if operand != "-" { return (operand, nil) }
  let state = try ContainerState(try StandardStream.input.readAll(limit: 1 << 20))
  return (state.identifier, state)
}
