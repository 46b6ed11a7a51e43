package import JSON
internal import Linux
internal import SystemPackage

/// How a runtime called a plugin: `CNI_*` in the environment and the configuration on standard input (CNI spec 1.1, section 2).
package struct CNIInvocation: Sendable {
  package enum Command: String, Sendable {
    case add = "ADD"
    case delete = "DEL"
    case check = "CHECK"
    case collect = "GC"
    case status = "STATUS"
    case version = "VERSION"
  }

  package static let supportedVersions = ["0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"]

  package let command: Command
  package let configuration: JSONValue
  /// That of the configuration, which the answer must be in.
  package let version: String
  package let containerID: String
  /// Empty where a DEL comes without one.
  package let namespace: String
  package let interface: String
  /// The configuration's name: that of the network.
  package let network: String

  /// - Parameter environment: a variable's value; nil where it is not set.
  package init(command typed: String, environment: (String) -> String?, input: [UInt8]) throws(CNIError) {
    guard let command = Command(rawValue: typed) else { throw CNIError(.invalidEnvironment, "unknown CNI_COMMAND: \(typed)") }
    self.command = command
    func variable(_ name: String, _ commands: [Command]) throws(CNIError) -> String {
      let value = environment(name) ?? ""
      if value.isEmpty, commands.contains(command) { throw CNIError(.invalidEnvironment, "required env variables [\(name)] missing") }
      return value
    }
    containerID = try variable("CNI_CONTAINERID", [.add, .delete, .check])
    namespace = try variable("CNI_NETNS", [.add, .check])
    interface = try variable("CNI_IFNAME", [.add, .delete, .check])
    do { configuration = try JSONValue(parsing: input) } catch {
      throw CNIError(.decoding, "could not decode the network configuration", details: "\(error)")
    }
    guard configuration.objectValue != nil else { throw CNIError(.decoding, "the network configuration is not an object") }
    let version = configuration["cniVersion"]?.stringValue ?? "0.1.0"
    self.version = version
    network = configuration["name"]?.stringValue ?? ""
    if command == .version { return }
    guard Self.supportedVersions.contains(version) else {
      throw CNIError(
        .incompatibleVersion, "incompatible CNI versions",
        details: "config is \"\(version)\", plugin supports \(Self.supportedVersions.joined(separator: " "))")
    }
    try validate()
  }

  private func validate() throws(CNIError) {
    guard isIdentifier(network) else { throw CNIError(.invalidConfiguration, "invalid network name '\(network)'") }
    guard [.add, .delete, .check].contains(command) else { return }
    guard isIdentifier(containerID) else { throw CNIError(.invalidEnvironment, "invalid characters in containerID", details: containerID) }
    guard interface.utf8.count <= 15, isIdentifier(interface) else {
      throw CNIError(.invalidEnvironment, "interface name is invalid", details: interface)
    }
  }

  /// The spec's rule for names: a letter or digit, then those, underscores, dots and hyphens.
  private func isIdentifier(_ text: String) -> Bool { isValidName(text) && !text.contains("+") }

  /// What an attachment is known by here. A plus sign occurs in none of the parts.
  package var owner: String { Self.owner(network, containerID, interface) }

  static func owner(_ network: String, _ containerID: String, _ interface: String) -> String { "\(network)+\(containerID)+\(interface)" }

  /// For GC: the owners that are still valid.
  func validOwners() throws(CNIError) -> Set<String> {
    guard let list = configuration["cni.dev/valid-attachments"] ?? configuration["cni.dev/attachments"] else { return [] }
    guard let attachments = list.arrayValue else { throw CNIError(.invalidConfiguration, "cni.dev/valid-attachments is not an array") }
    var owners: Set<String> = []
    for attachment in attachments {
      guard let container = attachment["containerID"]?.stringValue, let interface = attachment["ifname"]?.stringValue else {
        throw CNIError(.invalidConfiguration, "cni.dev/valid-attachments: an entry without containerID and ifname")
      }
      owners.insert(Self.owner(network, container, interface))
    }
    return owners
  }

  /// Whether an owner is an attachment of this network, made through CNI.
  func isOurs(_ owner: String) -> Bool { owner.hasPrefix(network + "+") }

  /// Where state is: the configuration's `root` and `runRoot`, the environment's, the defaults.
  package var store: NetworkStore {
    func path(_ key: String, _ variable: String, _ fallback: FilePath) -> FilePath {
      (configuration[key]?.stringValue ?? Environment[variable]).map { FilePath($0) } ?? fallback
    }
    return NetworkStore(
      root: path("root", "TOTE_ROOT", NetworkStore.defaultRoot), runRoot: path("runRoot", "TOTE_RUN", NetworkStore.defaultRunRoot))
  }
}
