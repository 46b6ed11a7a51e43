internal import CommandSupport
internal import JSON
internal import Linux
internal import Network

let inspectVerb = Verb(
  "inspect", "[OPTIONS] NETWORK…", "what docker's network inspect says of networks",
  options: [.value("format", "f", placeholder: "FORMAT", help: "a Go template, or json")],
  operandCount: 1...Int.max
) { options in
  let store = NetworkStore(options)
  var values: [JSONValue] = []
  var failed = false
  var records: [AttachmentRecord] = []
  for owner in try store.owners() {
    if let record = try store.attachments(of: owner) { records.append(record) }
  }
  for operand in options.operands {
    guard let definition = try store.resolve(operand) else {
      Diagnostics.error("network \(operand) not found")
      failed = true
      continue
    }
    values.append(inspection(definition, records))
  }
  try StandardStream.output.write(try renderInspection(values, format: options.value("format")))
  return failed ? ExitCode.failure : ExitCode.success
}

private func inspection(_ definition: NetworkDefinition, _ records: [AttachmentRecord]) -> JSONValue {
  var containers = JSONObject()
  for record in records {
    for endpoint in record.endpoints where endpoint.network == definition.name {
      containers[record.owner] = [
        "Name": .string(endpoint.aliases.first ?? record.hostname ?? record.owner), "EndpointID": .string(endpoint.link),
        "MacAddress": .string("\(endpoint.macAddress)"), "IPv4Address": .string("\(endpoint.address)/\(endpoint.prefixLength)"),
        "IPv6Address": "",
      ]
    }
  }
  var labels = JSONObject()
  for (key, value) in definition.labels.sorted(by: { $0.key < $1.key }) { labels[key] = .string(value) }
  var options = JSONObject()
  if let mtu = definition.mtu { options["com.docker.network.driver.mtu"] = .string("\(mtu)") }
  var addresses: JSONValue = ["Subnet": .string("\(definition.subnet)"), "Gateway": .string("\(definition.gateway)")]
  if let range = definition.range { addresses["IPRange"] = .string("\(range)") }
  if !definition.reserved.isEmpty {
    var reserved = JSONObject()
    for (name, address) in definition.reserved.sorted(by: { $0.key < $1.key }) { reserved[name] = .string("\(address)") }
    addresses["AuxiliaryAddresses"] = .object(reserved)
  }
  return [
    "Name": .string(definition.name), "Id": .string(definition.identifier), "Created": .string(definition.created), "Scope": "local",
    "Driver": "bridge", "EnableIPv6": false,
    "IPAM": [
      "Driver": "default", "Options": nil,
      "Config": [addresses],
    ],
    "Internal": .bool(definition.isInternal), "Attachable": false, "Ingress": false, "ConfigFrom": ["Network": ""], "ConfigOnly": false,
    "Containers": .object(containers), "Options": .object(options), "Labels": .object(labels),
  ]
}
