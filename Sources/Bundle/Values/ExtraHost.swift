/// `--add-host NAME:ADDRESS` or `NAME=ADDRESS`; the address may be `host-gateway`.
package struct ExtraHost: Hashable, Sendable {
  package static let hostGateway = "host-gateway"
  package let name: String
  package let address: String

  package init(parsing text: String) throws(InvalidValue) {
    let invalid = InvalidValue("bad format for add-host: \(goQuoted(text))")
    guard let (name, value) = text.cut(at: "=") ?? text.cut(at: ":"), !name.isEmpty, !name.contains(":") else { throw invalid }
    // The name becomes a word of a line in /etc/hosts.
    guard name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "#") }) else { throw invalid }
    let bare = value.count > 2 && value.hasPrefix("[") && value.hasSuffix("]") ? String(value.dropFirst().dropLast()) : value
    guard bare == ExtraHost.hostGateway || isIPAddress(bare) else {
      throw InvalidValue("invalid IP address in add-host: \(goQuoted(value))")
    }
    self.name = name
    address = bare
  }
}
