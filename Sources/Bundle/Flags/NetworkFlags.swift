internal import Linux

extension ContainerFlags {
  mutating func setNetwork(_ values: FlagValues) throws(BundleError) {
    networks = try values.values("network", NetworkAttachment.init(parsing:))
    try checkNetworks()
    try applyEndpointFlags(values)
    dns = try values.values("dns", dnsServer)
    dnsSearch = try values.values("dns-search", Bundle.dnsSearch)
    dnsOptions = values.texts("dns-option")
    extraHosts = try values.values("add-host", ExtraHost.init(parsing:))
    portSpecs = values.texts("publish")
    for spec in portSpecs { ports += try portMappings(spec) }
    ports = unique(ports)
    for text in values.texts("expose") { exposed += try exposedPorts(text) }
    exposed = unique(exposed)
    publishAll = values.flag("publish-all")
    service = values.text("service")
    firewall = values.text("firewall") ?? Environment["TOTE_FIREWALL"]
    if let firewall, !["bypass", "respect"].contains(firewall) {
      throw .invalidArgument(value: firewall, flag: "--firewall", reason: "bypass or respect is wanted")
    }
  }

  private func checkNetworks() throws(BundleError) {
    let names = networks.map(\.name)
    for name in names {
      if name.trimmed().isEmpty { throw .refused("no name set for network") }
      if name == "container:" { throw .refused("Invalid network mode: invalid container format container:<name|id>") }
      if names.count(where: { $0 == name }) > 1 { throw .refused("network \(goQuoted(name)) is specified multiple times") }
    }
    if networks.contains(where: \.isUserDefined), networks.contains(where: { !$0.isUserDefined }) {
      throw .refused("conflicting options: cannot attach both user-defined and non-user-defined network-modes")
    }
    if networks.count > 1, let mode = networks.first(where: { !$0.isUserDefined }) {
      throw .refused("conflicting options: '\(mode.name)' cannot be combined with another network")
    }
  }

  /// `--network-alias`, `--ip` and `--mac-address` belong to the first network.
  private mutating func applyEndpointFlags(_ values: FlagValues) throws(BundleError) {
    let aliases = values.texts("network-alias")
    let ip = values.text("ip"), mac = values.text("mac-address")
    if let ip, !isIPv4Address(ip) {
      throw .invalidArgument(value: ip, flag: "--ip", reason: "invalid string being converted to IP address: \(ip)")
    }
    guard !aliases.isEmpty || ip != nil || mac != nil else { return }
    if networks.isEmpty { networks = [NetworkAttachment(name: "bridge")] }
    if !aliases.isEmpty {
      if networks[0].aliases != nil {
        throw .refused("conflicting options: cannot specify both --network-alias and per-network alias")
      }
      networks[0].aliases = aliases
    }
    if networks[0].ipv4Address != nil, ip != nil {
      throw .refused("conflicting options: cannot specify both --ip and per-network IPv4 address")
    }
    if networks[0].macAddress != nil, mac != nil {
      throw .refused("conflicting options: cannot specify both --mac-address and per-network MAC address")
    }
    networks[0].ipv4Address = ip ?? networks[0].ipv4Address
    networks[0].macAddress = mac ?? networks[0].macAddress
    try checkEndpoints()
  }

  private func checkEndpoints() throws(BundleError) {
    for network in networks {
      if let mac = network.macAddress, !isHardwareAddress(mac) { throw .refused("\(mac) is not a valid mac address") }
      guard !network.isUserDefined else { continue }
      if network.aliases != nil || network.serviceAliases != nil {
        throw .refused("network-scoped aliases are only supported for user-defined networks")
      }
      if network.ipv4Address != nil {
        throw .refused("user specified IP address is supported on user defined networks only")
      }
    }
  }
}
