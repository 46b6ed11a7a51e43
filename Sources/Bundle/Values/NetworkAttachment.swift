/// One `--network`: a network's name and how the container appears in it.
package struct NetworkAttachment: Hashable, Codable, Sendable {
  package var name: String
  package var aliases: [String]?
  /// Names that it shares with the other containers of a service on that network.
  package var serviceAliases: [String]?
  package var ipv4Address: String?
  package var macAddress: String?

  package init(name: String) { self.name = name }

  /// A name, or `name=NET,alias=A,service-alias=S,ip=ADDRESS,mac-address=MAC`.
  package init(parsing text: String) throws(InvalidValue) {
    guard text.contains("=") else {
      self.init(name: text)
      return
    }
    var attachment = NetworkAttachment(name: "")
    for field in try commaSeparatedFields(text) {
      guard let (name, value) = field.cut(at: "="), !name.isEmpty else { throw InvalidValue("invalid field \(field)") }
      try attachment.set(name.trimmed().lowercased(), value.trimmed())
    }
    if attachment.name.isEmpty { throw InvalidValue("network name/id is not specified") }
    self = attachment
  }

  private mutating func set(_ key: String, _ value: String) throws(InvalidValue) {
    switch key {
    case "name": name = value
    case "alias": aliases = (aliases ?? []) + [value]
    case "service-alias": serviceAliases = (serviceAliases ?? []) + [value]
    case "ip":
      guard isIPAddress(value) else { throw InvalidValue("ParseAddr(\(goQuoted(value))): unable to parse IP") }
      ipv4Address = value
    case "mac-address": macAddress = value
    case "ip6", "link-local-ip", "driver-opt", "gw-priority": throw InvalidValue("\(key) is not supported")
    default: throw InvalidValue("invalid field key \(key)")
    }
  }

  /// Whether the name is none of docker's modes but a network that somebody made.
  package var isUserDefined: Bool {
    !["", "default", "bridge", "host", "none"].contains(name) && !name.hasPrefix("container:")
  }
}
