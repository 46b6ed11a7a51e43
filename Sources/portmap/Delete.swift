internal import CommandSupport
internal import Linux
internal import Network

let deleteVerb = Verb(
  "del", aliases: ["rm", "delete"], "[OPTIONS] [SPEC…]", "withdraw ports: all of an owner's, or those that are named",
  options: [.value("owner", placeholder: "CONTAINER", help: "whose ports")]
) { options in
  let owner = options.value("owner")
  if owner == nil, options.operands.isEmpty { throw UsageError("'portmap del' needs --owner CONTAINER or a port") }
  let store = NetworkStore(options)
  return answering { () throws(NetworkError) in
    guard !options.operands.isEmpty else {
      if let owner { try store.withdraw(owner) }
      return
    }
    var specifications: [PortSpecification] = []
    for operand in options.operands { specifications += try PortSpecification.parse(operand) }
    let gone = try store.withdraw { port in
      (owner == nil || port.owner == owner) && specifications.contains { $0.names(port) }
    }
    for (operand, specification) in zip(options.operands, specifications) where !gone.contains(where: specification.names) {
      throw NetworkError(.notFound, "port '\(operand)' is not published\(owner.map { " by '\($0)'" } ?? "")")
    }
  }
}

let detachVerb = Verb(
  "detach", "[OPTIONS] [CONTAINER|-]", "a runtime's poststop hook: withdraw all ports of the container", operandCount: 0...1
) { options in
  let (owner, _) = try ownerFromState(options)
  return answering { () throws(NetworkError) in try NetworkStore(options).withdraw(owner) }
}

extension PortSpecification {
  /// Whether this, as somebody typed it, is the published port: what was left out may be anything.
  fileprivate func names(_ port: PublishedPort) -> Bool {
    guard transport == port.transport, containerPort == port.containerPort else { return false }
    if !isRandom, let hostPorts, !hostPorts.contains(port.hostPort) { return false }
    return hostIP.isEmpty || HostAddress(hostIP) == port.hostAddress
  }
}
