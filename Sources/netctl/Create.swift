internal import CommandSupport
internal import Linux
internal import Network

let createVerb = Verb(
  "create", "[OPTIONS] NETWORK", "make a network; prints its id",
  options: [
    .value("subnet", placeholder: "CIDR", help: "its addresses (default: a private /16 that no route of the host leads to)"),
    .value("gateway", placeholder: "ADDRESS", help: "the host's address in it (default: the first)"),
    .value("ip-range", placeholder: "CIDR", help: "the part of the subnet that containers get addresses from"),
    .list("aux-address", placeholder: "NAME=ADDRESS", help: "an address that no container gets"),
    .flag("attachable", help: "it always is"),
    .value("ipam-driver", placeholder: "DRIVER", help: "default is the only one"),
    .flag("internal", help: "no way out of the network"),
    .value("driver", "d", placeholder: "DRIVER", help: "bridge is the only one"),
    .list("label", placeholder: "KEY=VALUE", help: "a word about it, for filters"),
    .list("opt", "o", placeholder: "KEY=VALUE", help: "com.docker.network.driver.mtu or mtu: bytes in a packet"),
  ],
  operandCount: 1...1
) { options in
  if let driver = options.value("driver"), driver != "bridge" { throw UsageError("driver '\(driver)' is not implemented: 'bridge' is") }
  var subnet: IPv4Subnet?
  if let typed = options.value("subnet") {
    subnet = IPv4Subnet(typed)
    if subnet == nil { throw UsageError("invalid subnet \(typed): an IPv4 network such as 10.1.0.0/16 is wanted") }
  }
  var gateway: IPv4Address?
  if let typed = options.value("gateway") {
    gateway = IPv4Address(typed)
    if gateway == nil { throw UsageError("invalid gateway \(typed): an IPv4 address is wanted") }
    if subnet == nil { throw UsageError("--gateway needs --subnet") }
  }
  if let driver = options.value("ipam-driver"), driver != "default" {
    throw UsageError("IPAM driver '\(driver)' is not implemented: 'default' is")
  }
  var range: IPv4Subnet?
  if let typed = options.value("ip-range") {
    range = IPv4Subnet(typed)
    if range == nil { throw UsageError("invalid range \(typed): an IPv4 network such as 10.1.5.0/24 is wanted") }
    if subnet == nil { throw UsageError("--ip-range needs --subnet") }
  }
  var reserved: [String: IPv4Address] = [:]
  for (name, typed) in options.values("aux-address").map(keyAndValue) {
    guard !name.isEmpty, let address = IPv4Address(typed) else {
      throw UsageError("invalid auxiliary address '\(name)=\(typed)': NAME=ADDRESS with an IPv4 address is wanted")
    }
    if subnet == nil { throw UsageError("--aux-address needs --subnet") }
    reserved[name] = address
  }
  let definition = try NetworkStore(options).create(
    options.operands[0], subnet: subnet, gateway: gateway, isInternal: options.flag("internal"), mtu: try mtu(options),
    labels: Dictionary(options.values("label").map(keyAndValue)) { $1 }, range: range, reserved: reserved)
  printLine(definition.identifier)
  return ExitCode.success
}

private func mtu(_ options: ParsedOptions) throws -> UInt32? {
  var mtu: UInt32?
  for (key, value) in options.values("opt").map(keyAndValue) {
    guard key == "mtu" || key == "com.docker.network.driver.mtu" else { throw UsageError("network option '\(key)' is not implemented") }
    guard let bytes = UInt32(value), (68...65535).contains(bytes) else { throw UsageError("invalid mtu '\(value)': 68 to 65535 bytes") }
    mtu = bytes
  }
  return mtu
}

private func keyAndValue(_ text: String) -> (String, String) {
  let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
  return (parts[0], parts.count > 1 ? parts[1] : "")
}
