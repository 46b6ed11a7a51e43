internal import CommandSupport
internal import Linux
internal import Network
internal import SystemPackage

let attachVerb = Verb(
  "attach", "[OPTIONS] [CONTAINER|-]", "attach a container to networks; as a hook, with its state on standard input",
  options: [
    .list("network", placeholder: "NAME", help: "a network (default bridge), or none; the options below belong to the one before them"),
    .list("ip", placeholder: "ADDRESS", help: "this address and no other"),
    .list("mac-address", placeholder: "MAC", help: "this hardware address"),
    .list("network-alias", "alias", placeholder: "NAME", help: "another name of the container on that network"),
    .list("service-alias", placeholder: "NAME", help: "a name that it shares: one address leads to all that have it on that network"),
    .value("interface", placeholder: "NAME", help: "name of the first interface in the container (default eth0)"),
    .value("hostname", placeholder: "NAME", help: "the container's own name in its hosts file"),
    .value("hosts", placeholder: "FILE", help: "the container's hosts file, rewritten in place"),
    .value("netns", placeholder: "PATH", help: "the network namespace, where no state tells"),
  ],
  operandCount: 0...1
) { options in
  let requests = try endpointRequests(options)
  let (identifier, state) = try container(options)
  guard let path = try options.value("netns").map({ FilePath($0) }) ?? state?.namespacePath() else {
    throw UsageError("'netctl attach \(identifier)' needs --netns PATH")
  }
  let record = try NetworkStore(options).attach(
    identifier, namespacePath: path, requests, interface: options.value("interface") ?? "eth0", hostname: options.value("hostname"),
    hosts: options.value("hosts").map { FilePath($0) }, process: state?.processID)
  // A runtime hands a hook's output to nobody; a person or a script gets what was attached.
  if state == nil { printLine("\(record.json)") }
  return ExitCode.success
}

/// `--network A --ip X --network B --ip Y`: each option belongs to the network before it, or to the default one.
private func endpointRequests(_ options: ParsedOptions) throws -> [EndpointRequest] {
  var requests: [EndpointRequest] = []
  var hasNone = false
  for (name, value) in options.occurrences {
    if name == "network" {
      if value == "none" { hasNone = true } else { requests.append(EndpointRequest(network: value)) }
      continue
    }
    guard ["ip", "mac-address", "network-alias", "service-alias"].contains(name) else { continue }
    if requests.isEmpty { requests.append(EndpointRequest(network: NetworkDefinition.defaultName)) }
    let last = requests.count - 1
    switch name {
    case "ip":
      requests[last].address = try address(value)
    case "mac-address":
      requests[last].macAddress = try hardwareAddress(value)
    case "service-alias": requests[last].services.append(value)
    default: requests[last].aliases.append(value)
    }
  }
  return requests.isEmpty && !hasNone ? [EndpointRequest(network: NetworkDefinition.defaultName)] : requests
}

let detachVerb = Verb(
  "detach", "[OPTIONS] [CONTAINER|-]", "detach a container from its networks; as a hook, with its state on standard input",
  operandCount: 0...1
) { options in
  try NetworkStore(options).detach(try container(options).identifier)
  return ExitCode.success
}
