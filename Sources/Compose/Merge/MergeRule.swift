/// What is special in merging the value at a path.
enum MergeRule: Hashable {
  case plain
  /// The later value alone counts.
  case replace
  /// `KEY=VALUE` lists and mappings are one kind: both become mappings.
  case keyValue
  /// A list of names is a mapping of names to this default.
  case names(isDependency: Bool)
  /// One string is a list of one; each text once.
  case texts
  /// `build: DIR` is `build: {context: DIR}`.
  case build
  /// A list whose entries with the same identity are one, the last.
  case identified(Identity)

  enum Identity: Hashable { case text, mountTarget, port, grant }

  init(_ path: ModelPath) {
    self = Self.table.first { path.matches($0.pattern) }?.rule ?? .plain
  }

  private static let table: [(pattern: [String], rule: MergeRule)] = {
    func service(_ names: String, _ rule: MergeRule) -> [(pattern: [String], rule: MergeRule)] {
      names.split(separator: " ").map { (["services", "*"] + $0.split(separator: ".").map(String.init), rule) }
    }
    return service("command entrypoint healthcheck.test", .replace)
      + service("environment labels annotations sysctls build.args build.labels deploy.labels", .keyValue)
      + service("depends_on", .names(isDependency: true)) + service("networks", .names(isDependency: false))
      + service("dns dns_search env_file label_file tmpfs", .texts)
      + service("build", .build)
      + service("volumes devices", .identified(.mountTarget))
      + service("secrets configs build.secrets", .identified(.grant))
      + service("ports", .identified(.port))
      + service("cap_add cap_drop dns_opt expose external_links links profiles security_opt group_add volumes_from", .identified(.text))
      + ["networks", "volumes", "secrets", "configs"].map { ([$0, "*", "labels"], .keyValue) }
  }()

  /// The short form of a value as its long one, so that the two can be merged.
  func longForm(_ node: Node, _ path: ModelPath) throws(ComposeError) -> Node {
    var node = node
    switch (self, node.content) {
    case (.keyValue, .sequence(let items)):
      var mapping = Mapping()
      for (index, item) in items.enumerated() {
        guard let text = item.scalarText else {
          throw ComposeError("must be a string, not \(item.kind)", path: path.appending(index), at: item.position)
        }
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let value = Node(parts.count > 1 ? .string(parts[1]) : .null, at: item.position)
        mapping.set(parts[0], value, keyPosition: item.position)
      }
      node.content = .mapping(mapping)
    case (.names(let isDependency), .sequence(let items)):
      var mapping = Mapping()
      for (index, item) in items.enumerated() {
        guard let name = item.string else {
          throw ComposeError("must be a string, not \(item.kind)", path: path.appending(index), at: item.position)
        }
        mapping.set(name, isDependency ? Self.dependency(at: item.position) : Node(.null, at: item.position), keyPosition: item.position)
      }
      node.content = .mapping(mapping)
    case (.texts, .string): node.content = .sequence([node])
    case (.build, .string):
      var mapping = Mapping()
      mapping.set("context", node, keyPosition: node.position)
      node.content = .mapping(mapping)
    default: break
    }
    return node
  }

  private static func dependency(at position: SourcePosition) -> Node {
    var mapping = Mapping()
    mapping.set("condition", Node(.string("service_started"), at: position), keyPosition: position)
    mapping.set("required", Node(.bool(true), at: position), keyPosition: position)
    return Node(.mapping(mapping), at: position)
  }

  /// Of entries with the same identity the last, in the place of the first.
  func unique(_ nodes: [Node]) -> [Node] {
    let identity: Identity
    switch self {
    case .texts: identity = .text
    case .identified(let own): identity = own
    case .plain, .replace, .keyValue, .names, .build: return nodes
    }
    var result: [Node] = []
    var places: [String: Int] = [:]
    for node in nodes {
      guard let key = identity.key(node) else {
        result.append(node)
        continue
      }
      if let place = places[key] {
        result[place] = node
      } else {
        places[key] = result.count
        result.append(node)
      }
    }
    return result
  }
}

extension MergeRule.Identity {
  /// What two entries that are one have in common; nil for an entry that is only itself.
  func key(_ node: Node) -> String? {
    switch self {
    case .text: node.scalarText ?? (node["path"]?.scalarText)
    case .mountTarget: node["target"]?.scalarText ?? node.string.map(mountTarget)
    case .grant: node["target"]?.scalarText ?? node["source"]?.scalarText ?? node.string
    case .port: portKey(node)
    }
  }

  /// `SOURCE:TARGET[:MODE]` or `TARGET`.
  private func mountTarget(_ text: String) -> String {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return String(parts.count > 1 ? parts[1] : parts[0])
  }

  /// Address, container's port, host's port and protocol.
  private func portKey(_ node: Node) -> String? {
    if node.mapping != nil {
      let parts = ["host_ip", "published", "target", "protocol"].map { node[$0]?.scalarText ?? ($0 == "protocol" ? "tcp" : "") }
      return parts.joined(separator: "|")
    }
    guard let text = node.scalarText else { return nil }
    let slash = text.split(separator: "/", maxSplits: 1).map(String.init)
    var rest = (slash.first ?? "")[...]
    func popLast() -> String {
      let cut = rest.lastIndex(of: ":")
      defer { rest = cut.map { rest[..<$0] } ?? "" }
      return String(cut.map { rest[rest.index(after: $0)...] } ?? rest)
    }
    let (target, published) = (popLast(), popLast())
    let address = rest.filter { $0 != "[" && $0 != "]" }
    return [address, published, target, slash.count > 1 ? slash[1].lowercased() : "tcp"].joined(separator: "|")
  }
}
