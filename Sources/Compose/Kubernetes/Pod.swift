internal import JSON

/// A service's pod: one container, and what it shares with nothing.
struct Pod {
  /// A port as the model has it, in long form.
  struct Port {
    let target: Int
    /// As Kubernetes writes protocols.
    let transport: String
    /// The host's port; nil for one that docker would choose.
    let published: Int?
    let address: String?
    /// On the node itself, past the balancing.
    let isHost: Bool
    let name: String?
    let application: String?
    let path: String
  }

  let service: ServiceModel
  let path: String
  var attributes: ModelAttributes
  var spec = JSONObject()
  var container = JSONObject()
  var warnings: [String] = []
  var names = NameSet()
  var volumes: [JSONValue] = []
  var mounts: [JSONValue] = []
  var constraints: JSONValue?
  var resources: JSONValue?
  private(set) var ports: [Port] = []
  /// Targets of `expose`, with their protocols.
  private(set) var exposed: [(target: Int, transport: String)] = []
  /// Further names of the service.
  private(set) var aliases: [String] = []
  private var notes: [(key: String, value: String?)] = []

  init(_ service: ServiceModel) {
    self.service = service
    path = "services.\(service.name)"
    attributes = ModelAttributes(service.json, path: path)
  }

  func metadata(_ labels: JSONValue) -> JSONValue {
    var metadata: JSONValue = ["labels": labels]
    metadata["annotations"] = annotations(notes)
    return metadata
  }

  mutating func warn(_ attribute: String, _ reason: String) { warnings.append("\(path).\(attribute): \(reason)") }

  /// Converts everything but what stands in `deploy`.
  mutating func convert() {
    // What the model has in another place already, or what only compose itself looks at.
    for name in ["env_file", "label_file", "profiles", "extends"] { _ = attributes.take(name) }
    notes = attributes.pairs("labels") + attributes.pairs("annotations")
    addNames()
    addPorts()
    addProcess()
    addSecurity()
    addProbes()
    addHooks()
    addStorage()
    // The environment is what the file says, with no variables for every other service.
    spec["enableServiceLinks"] = false
    spec["containers"] = [.object(container)]
    spec["volumes"] = .list(volumes)
  }

  // -- names and networks -----------------------------------------------------------------------------------------------------------

  private mutating func addNames() {
    if let name = attributes.text("hostname") {
      if name == kubernetesName(name) {
        spec["hostname"] = .string(name)
      } else {
        warn("hostname", "'\(name)' is no name that a pod may have")
      }
    }
    for (name, network) in attributes.take("networks")?.objectValue ?? JSONObject() {
      var own = ModelAttributes(network, path: "\(path).networks.\(name)")
      aliases += own.texts("aliases").filter { $0 != service.name }
      _ = own.take("priority")
      warnings += own.leftovers
    }
    for link in attributes.texts("links") where link.split(separator: ":").count > 1 {
      warn("links", "'\(link)' is an alias of one service only")
    }
    switch attributes.text("network_mode") {
    case nil: break
    case "host":
      spec["hostNetwork"] = true
      spec["dnsPolicy"] = "ClusterFirstWithHostNet"
    case let mode?: warn("network_mode", "'\(mode)' has no counterpart in Kubernetes")
    }
    for (name, field) in [("pid", "hostPID"), ("ipc", "hostIPC")] {
      guard let mode = attributes.text(name) else { continue }
      if mode == "host" { spec[field] = true } else if mode != "private" { warn(name, "'\(mode)' has no counterpart in Kubernetes") }
    }
    addResolution()
  }

  private mutating func addResolution() {
    var addresses: [String] = []
    var hosts: [String: [String]] = [:]
    for host in attributes.texts("extra_hosts") {
      let parts = host.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, parts[1] != "host-gateway" else {
        warn("extra_hosts", "'\(host)' has no counterpart in Kubernetes")
        continue
      }
      if hosts[parts[1]] == nil { addresses.append(parts[1]) }
      hosts[parts[1], default: []].append(parts[0])
    }
    spec["hostAliases"] = .list(addresses.map { ["ip": .string($0), "hostnames": .texts(hosts[$0] ?? []) ?? []] })
    let options = attributes.texts("dns_opt").map { option -> JSONValue in
      let parts = option.split(separator: ":", maxSplits: 1).map { JSONValue.string(String($0)) }
      return parts.count > 1 ? ["name": parts[0], "value": parts[1]] : ["name": parts.first ?? ""]
    }
    spec["dnsConfig"] = .members([
      "nameservers": .texts(attributes.texts("dns")), "searches": .texts(attributes.texts("dns_search")), "options": .list(options),
    ])
  }

  // -- ports ------------------------------------------------------------------------------------------------------------------------

  private mutating func addPorts() {
    for (index, port) in attributes.list("ports").enumerated() {
      let place = "ports[\(index)]"
      guard let target = port["target"]?.integerValue else { continue }
      let published = port["published"]?.scalarText ?? ""
      let first = published.split(separator: "-").first.flatMap { Int($0) }
      if published.contains("-") { warn("\(place).published", "of '\(published)' the first is taken") }
      ports.append(
        Port(
          target: target, transport: (port["protocol"]?.stringValue ?? "tcp").uppercased(), published: first,
          address: port["host_ip"]?.stringValue, isHost: port["mode"]?.stringValue == "host", name: port["name"]?.stringValue,
          application: port["app_protocol"]?.stringValue, path: "\(path).\(place)"))
    }
    for text in attributes.texts("expose") {
      let parts = text.split(separator: "/").map(String.init)
      let bounds = (parts.first ?? "").split(separator: "-").compactMap { Int($0) }
      guard let low = bounds.first, let high = bounds.last, low <= high, high <= 65535 else {
        warn("expose", "'\(text)' is no port")
        continue
      }
      for target in low...high { exposed.append((target, parts.count > 1 ? parts[1].uppercased() : "TCP")) }
    }
    var list: [JSONValue] = []
    var seen: Set<String> = []
    for (target, transport, port) in ports.map({ ($0.target, $0.transport, $0) }) + exposed.map({ ($0.target, $0.transport, nil) }) {
      let onHost = port?.isHost == true ? port?.published : nil
      guard seen.insert("\(target)/\(transport)/\(onHost ?? 0)").inserted else { continue }
      let isTCP = transport == "TCP"
      if let entry = JSONValue.members([
        "containerPort": .integer(target), "protocol": isTCP ? nil : .string(transport), "hostPort": onHost.map { .integer($0) },
        "hostIP": onHost == nil ? nil : port?.address.map { .string($0) },
      ]) {
        list.append(entry)
      }
    }
    container["name"] = .string(kubernetesName(service.name))
    container["image"] = .string(service.image)
    container["ports"] = .list(list)
  }
}
