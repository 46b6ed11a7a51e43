internal import CommandSupport
internal import Linux
internal import Network

let connectVerb = Verb(
  "connect", "[OPTIONS] NETWORK CONTAINER", "attach a running container to one more network",
  options: [
    .value("ip", placeholder: "ADDRESS", help: "this address and no other"),
    .value("mac-address", placeholder: "MAC", help: "this hardware address"),
    .list("alias", placeholder: "NAME", help: "another name of the container on that network"),
  ],
  operandCount: 2...2
) { options in
  let store = NetworkStore(options)
  // The default one makes itself.
  let typed = options.operands[0]
  guard let name = typed == NetworkDefinition.defaultName ? typed : try store.resolve(typed)?.name else {
    throw NetworkError(.notFound, "network \(typed) not found")
  }
  var request = EndpointRequest(network: name, aliases: options.values("alias"))
  if let typed = options.value("ip") { request.address = try address(typed) }
  if let typed = options.value("mac-address") { request.macAddress = try hardwareAddress(typed) }
  _ = try store.connect(options.operands[1], to: request)
  return ExitCode.success
}

let disconnectVerb = Verb(
  "disconnect", "[OPTIONS] NETWORK CONTAINER", "detach a container from one network",
  options: [.flag("force", "f", help: "no error where it is not attached")], operandCount: 2...2
) { options in
  let store = NetworkStore(options)
  let name = try store.resolve(options.operands[0])?.name ?? options.operands[0]
  do throws(NetworkError) { try store.disconnect(options.operands[1], from: name) } catch {
    if error.kind != .notFound || !options.flag("force") { throw error }
  }
  return ExitCode.success
}

let addressVerb = Verb(
  "address", "[OPTIONS] CONTAINER", "the container's address, for a script",
  options: [.value("network", placeholder: "NETWORK", help: "on that network (default: the first it was attached to)")], operandCount: 1...1
) { options in
  let owner = options.operands[0]
  let network = options.value("network")
  let endpoint = try NetworkStore(options).attachments(of: owner)?.endpoints.first { network == nil || $0.network == network }
  guard let endpoint else {
    throw NetworkError(.notFound, "container '\(owner)' is not attached to \(network.map { "network '\($0)'" } ?? "any network")")
  }
  printLine("\(endpoint.address)")
  return ExitCode.success
}

/// Reads addresses as a user types them.
func address(_ typed: String) throws(UsageError) -> IPv4Address {
  guard let address = IPv4Address(typed) else { throw UsageError("invalid IPv4 address: \(typed)") }
  return address
}

func hardwareAddress(_ typed: String) throws(UsageError) -> MACAddress {
  guard let mac = MACAddress(typed) else { throw UsageError("invalid MAC address: \(typed)") }
  return mac
}
