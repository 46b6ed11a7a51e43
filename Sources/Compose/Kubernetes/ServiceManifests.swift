internal import JSON

/// The Services of one service: by its name, at the ports that its containers listen on, for the other pods; and a second one,
/// `NAME-published`, for what the file publishes to the world.
struct ServiceManifests {
  private let service: ServiceModel
  private let ports: [Pod.Port]
  private let exposed: [(target: Int, transport: String)]
  private let aliases: [String]
  private(set) var warnings: [String] = []

  init(_ service: ServiceModel, ports: [Pod.Port], exposed: [(target: Int, transport: String)], aliases: [String]) {
    (self.service, self.ports, self.exposed, self.aliases) = (service, ports, exposed, aliases)
  }

  mutating func documents(
    metadata: (String) -> JSONValue, selector: JSONValue, isHeadless: Bool, isJob: Bool
  ) -> [JSONValue] {
    let inner = innerPorts()
    var documents: [JSONValue] = []
    // Nobody asks a job that listens to nothing.
    if !isJob || !inner.isEmpty {
      // Without ports the name alone, which leads to the pods themselves.
      var spec =
        JSONValue.members([
          "clusterIP": isHeadless || inner.isEmpty ? "None" : nil, "selector": selector, "ports": .list(inner),
        ]) ?? .object(JSONObject())
      documents.append(Self.document(metadata(kubernetesName(service.name)), spec))
      if isHeadless { spec["clusterIP"] = "None" }
      for alias in Set(aliases.map(kubernetesName)).sorted() where service.project.service(alias) == nil {
        documents.append(Self.document(metadata(alias), spec))
      }
    }
    let outer = outerPorts()
    if !outer.isEmpty {
      let name = kubernetesName(service.name).prefix(53) + "-published"
      documents.append(
        Self.document(metadata(String(name)), ["type": "LoadBalancer", "selector": selector, "ports": .array(outer)]))
    }
    return documents
  }

  private static func document(_ metadata: JSONValue, _ spec: JSONValue) -> JSONValue {
    ["apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec]
  }

  private func innerPorts() -> [JSONValue] {
    var seen: Set<String> = []
    return (ports.map { ($0.target, $0.transport, Optional($0)) } + exposed.map { ($0.target, $0.transport, nil) }).compactMap {
      target, transport, port in
      guard seen.insert("\(target)/\(transport)").inserted else { return nil }
      return Self.port(target, target, transport, port)
    }
  }

  private mutating func outerPorts() -> [JSONValue] {
    var seen: Set<String> = []
    var list: [JSONValue] = []
    for port in ports where !port.isHost {
      if let address = port.address, address != "0.0.0.0", address != "::" {
        // What was for this machine alone shall not be for the world.
        warnings.append("\(port.path).host_ip: '\(address)' has no counterpart in Kubernetes; the port is not published")
        continue
      }
      let number = port.published ?? port.target
      if seen.insert("\(number)/\(port.transport)").inserted { list.append(Self.port(number, port.target, port.transport, port)) }
    }
    return list
  }

  private static func port(_ number: Int, _ target: Int, _ transport: String, _ port: Pod.Port?) -> JSONValue {
    // Several ports must have names, and no two the same.
    var entry: JSONValue = [
      "name": .string("\(number)-\(transport.lowercased())"), "port": .integer(number), "targetPort": .integer(target),
    ]
    if transport != "TCP" { entry["protocol"] = .string(transport) }
    entry["appProtocol"] = port?.application.map { .string($0) }
    return entry
  }
}
