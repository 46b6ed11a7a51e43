internal import JSON
internal import Linux
internal import SystemPackage

extension ContainerStore {
  /// Adds a network to those that a container is attached to whenever it starts: in its record and in the hook of its config.json.
  ///
  /// - Returns: what `netctl connect` has to be told for a container that runs: options, network, id.
  package func connect(_ typed: String, to attachment: NetworkAttachment) throws(BundleError) -> [String] {
    var container = try resolve(typed)
    try refuseSharedNetwork(container.record, attachment.name)
    if container.record.networks.contains(where: { $0.name == attachment.name }) {
      throw .refused("endpoint with name \(container.record.name) already exists in network \(attachment.name)")
    }
    container.record.networks.append(attachment)
    try change(container)
    let arguments = attachment.arguments(of: container.record.name).dropFirst(2)
    return arguments.map { $0 == "--network-alias" ? "--alias" : $0 } + [attachment.name, container.record.id]
  }

  /// Takes a network out of them. Returns the container's id.
  package func disconnect(_ typed: String, from network: String) throws(BundleError) -> String {
    var container = try resolve(typed)
    try refuseSharedNetwork(container.record, network)
    guard container.record.networks.contains(where: { $0.name == network }) else {
      throw .refused("container \(container.record.id) is not connected to the network \(network)")
    }
    container.record.networks.removeAll { $0.name == network }
    try change(container)
    return container.record.id
  }

  private func refuseSharedNetwork(_ record: ContainerRecord, _ network: String) throws(BundleError) {
    if record.networkMode == "host" || record.networkMode.hasPrefix("container:") {
      throw .refused("container sharing network namespace with another container or host cannot be connected to any other network")
    }
    if record.networkMode == "none" || network == "none" || network == "host" {
      throw .refused("container cannot be connected to multiple networks with one of the networks in private (none) mode")
    }
  }

  /// Writes the record, and its networks into the arguments of netctl's hook.
  private func change(_ container: StoredContainer) throws(BundleError) {
    let path = container.directory.appending("config.json")
    var configuration: JSONValue
    do { configuration = try JSONValue(parsing: try readFile(path)) } catch let error as SystemError {
      throw .failed(attempt: "read \(quoted(path))", error)
    } catch {
      throw .damaged(path: path.string, reason: "\(error)")
    }
    guard let hooks = configuration["hooks"]?["createRuntime"]?.arrayValue,
      let index = hooks.firstIndex(where: { $0["args"]?[0]?.stringValue == "netctl" }),
      let arguments = hooks[index]["args"]?.arrayValue?.compactMap(\.stringValue),
      let end = arguments.firstIndex(of: "--hostname")
    else { throw .damaged(path: path.string, reason: "it has no hook of netctl's") }
    let start = arguments.firstIndex(of: "--network") ?? end
    let networks = container.record.networks.flatMap { $0.arguments(of: container.record.name) }
    let changed = arguments[..<start] + (networks.isEmpty ? ["--network", "none"] : networks) + arguments[end...]
    var hook = hooks[index]
    hook["args"] = .array(changed.map { .string($0) })
    var all = hooks
    all[index] = hook
    var object = configuration["hooks"] ?? [:]
    object["createRuntime"] = .array(all)
    configuration["hooks"] = object
    // The bundle first: a record that promises what the bundle does not do would mislead.
    try writeJSON(configuration, to: path, durable: .yes)
    try writeJSON(container.record, to: container.directory.appending(ContainerRecord.fileName), durable: .yes)
  }
}

extension NetworkAttachment {
  /// What `netctl attach` is told of it, for a container of that name.
  func arguments(of container: String) -> [String] {
    var arguments = ["--network", name == "default" ? "bridge" : name]
    if let ipv4Address { arguments += ["--ip", ipv4Address] }
    if let macAddress { arguments += ["--mac-address", macAddress] }
    let names = isUserDefined && !container.isEmpty ? [container] : []
    for alias in unique(names + (aliases ?? [])) { arguments += ["--network-alias", alias] }
    for alias in unique(serviceAliases ?? []) { arguments += ["--service-alias", alias] }
    return arguments
  }
}
