internal import CommandSupport
internal import Linux
internal import Network

let addVerb = Verb(
  "add", "[OPTIONS] SPEC…", "publish ports: each SPEC is what docker's -p takes",
  options: [
    .value("to", placeholder: "ADDRESS", help: "the container's address (default: that of the owner, as netctl knows it)"),
    .value("owner", placeholder: "CONTAINER", help: "by which the ports are withdrawn"),
    firewallOption,
  ] + serviceOptions,
  operandCount: 1...Int.max
) { options in
  guard let owner = options.value("owner") else { throw UsageError("'portmap add' needs --owner CONTAINER") }
  let store = NetworkStore(options)
  let member = try serviceMember(options, weight: 1)
  let isRelayed = try respectsFirewall(options)
  return answering { () throws(NetworkError) in
    var specifications: [PortSpecification] = []
    for operand in options.operands { specifications += try PortSpecification.parse(operand) }
    let ports = try store.publish(
      specifications, to: try target(options, owner, store), owner: owner, member: member,
      keeping: keeping(.untilWithdrawn, specifications, store), isRelayed: isRelayed)
    for port in ports { printLine(port.line) }
  }
}

let attachVerb = Verb(
  "attach", "[OPTIONS] [-]", "a runtime's createRuntime hook: publish ports of the container whose state is on standard input",
  options: [
    .list("publish", "p", placeholder: "SPEC", help: "a port, as docker's -p takes it"),
    .flag("publish-all", "P", help: "every port of --expose, each on a random port of the host"),
    .list("expose", placeholder: "PORT[/PROTOCOL]", help: "a port that the container offers"),
    .value("to", placeholder: "ADDRESS", help: "the container's address (default: as netctl knows it)"),
    firewallOption,
  ] + serviceOptions,
  operandCount: 0...1
) { options in
  let (owner, process) = try ownerFromState(options)
  let store = NetworkStore(options)
  // Where its process is known it takes part as soon as it listens.
  let member = try serviceMember(options, weight: process == nil ? 1 : 0)
  let isRelayed = try respectsFirewall(options)
  return answering { () throws(NetworkError) in
    var specifications: [PortSpecification] = []
    for value in options.values("publish") { specifications += try PortSpecification.parse(value) }
    if options.flag("publish-all") {
      let explicit = Set(specifications.map { "\($0.containerPort)/\($0.transport)" })
      for value in options.values("expose") {
        specifications += try PortSpecification.parseExposed(value).filter { !explicit.contains("\($0.containerPort)/\($0.transport)") }
      }
    }
    // A container of the same id that went without a word has left its ports behind.
    try store.withdraw(owner)
    if specifications.isEmpty { return }
    let ports = try store.publish(
      specifications, to: try target(options, owner, store), owner: owner, member: member,
      keeping: keeping(process.map { .untilEnd(of: $0) } ?? .untilWithdrawn, specifications, store), isRelayed: isRelayed)
    if let process, member != nil, !options.given("weight") { try store.joinWhenReady(owner, ports, process: process) }
  }
}

/// As it is wanted, unless there are more ports than a process may have sockets for.
private func keeping(
  _ wanted: NetworkStore.Keeping, _ specifications: [PortSpecification], _ store: NetworkStore
) -> NetworkStore.Keeping {
  if store.canKeep(specifications.count) { return wanted }
  Diagnostics.warning(
    "\(specifications.count) ports are more than a process may have open files for: none is held, and nobody answers on IPv6")
  return .nobody
}

private let firewallOption = Option.value(
  "firewall", placeholder: "HOW",
  help: "bypass (default: published is published) or respect: the host's INPUT rules decide, at half the speed")

private func respectsFirewall(_ options: ParsedOptions) throws -> Bool {
  switch options.value("firewall") ?? "bypass" {
  case "bypass": return false
  case "respect": return true
  case let how: throw UsageError("--firewall: '\(how)' is none of bypass, respect")
  }
}

/// Where the ports lead: `--to`, or the owner's first address.
private func target(_ options: ParsedOptions, _ owner: String, _ store: NetworkStore) throws(NetworkError) -> IPv4Address {
  if let typed = options.value("to") {
    guard let address = IPv4Address(typed), address != .any, !address.isLoopback else {
      throw NetworkError(.invalid, "--to: '\(typed)' is not an IPv4 address of a container")
    }
    return address
  }
  guard let endpoint = try store.attachments(of: owner)?.endpoints.first else {
    throw NetworkError(.notFound, "container '\(owner)' is attached to no network; say with --to where its ports lead")
  }
  return endpoint.address
}

/// The id and first process in the state that a runtime hands over, or the operand where one is typed.
func ownerFromState(_ options: ParsedOptions) throws -> (owner: String, process: Int32?) {
  let operand = options.operands.first ?? "-"
  if operand != "-" { return (operand, nil) }
  let state = try ContainerState(try StandardStream.input.readAll(limit: 1 << 20))
  return (state.identifier, state.processID)
}

extension PublishedPort {
  /// As `docker port` says it.
  var line: String { "\(containerPort)/\(transport) -> \(hostAddress.with(port: hostPort))" }
}
