internal import JSON

extension Pod {
  /// What the process may do.
  mutating func addSecurity() {
    var own = JSONObject()
    if attributes.flag("privileged") { own["privileged"] = true }
    if attributes.flag("read_only") { own["readOnlyRootFilesystem"] = true }
    own["capabilities"] = .members([
      "add": .texts(attributes.texts("cap_add").map(capability)), "drop": .texts(attributes.texts("cap_drop").map(capability)),
    ])
    if let user = attributes.text("user") { addUser(user, &own) }
    for option in attributes.texts("security_opt") where !addOption(option, &own) {
      warn("security_opt", "'\(option)' has no counterpart in Kubernetes")
    }
    container["securityContext"] = own.isEmpty ? nil : .object(own)
    let groups = attributes.texts("group_add")
    for group in groups where Int(group) == nil {
      warn("group_add", "'\(group)' is not a number, and names are not known outside the image")
    }
    let sysctls = attributes.pairs("sysctls").map { name, value -> JSONValue in ["name": .string(name), "value": .string(value ?? "")] }
    spec["securityContext"] = .members([
      "supplementalGroups": .list(groups.compactMap { Int($0) }.map { .integer($0) }), "sysctls": .list(sysctls),
    ])
    if attributes.text("userns_mode") == "host" { spec["hostUsers"] = true }
  }

  private func capability(_ name: String) -> String {
    let upper = name.uppercased()
    return upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
  }

  private mutating func addUser(_ user: String, _ own: inout JSONObject) {
    let parts = user.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard let id = parts.first ?? nil, parts.count == 1 || (parts.count == 2 && parts[1] != nil) else {
      return warn("user", "'\(user)' is not a number, and names are not known outside the image")
    }
    own["runAsUser"] = .integer(id)
    if parts.count == 2, let group = parts[1] { own["runAsGroup"] = .integer(group) }
  }

  private func addOption(_ option: String, _ own: inout JSONObject) -> Bool {
    let cut = option.firstIndex { $0 == ":" || $0 == "=" } ?? option.endIndex
    let (name, value) = (String(option[..<cut]), String(option[cut...].dropFirst()))
    switch (name, value) {
    case ("no-new-privileges", ""), ("no-new-privileges", "true"): own["allowPrivilegeEscalation"] = false
    case ("no-new-privileges", "false"): own["allowPrivilegeEscalation"] = true
    case ("seccomp", "unconfined"): own["seccompProfile"] = ["type": "Unconfined"]
    case ("apparmor", "unconfined"): own["appArmorProfile"] = ["type": "Unconfined"]
    case ("apparmor", let profile) where !profile.isEmpty:
      own["appArmorProfile"] = ["type": "Localhost", "localhostProfile": .string(profile)]
    case ("label", let label):
      let parts = label.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2, ["user", "role", "type", "level"].contains(parts[0]) else { return false }
      var options = own["seLinuxOptions"] ?? .object(JSONObject())
      options[parts[0]] = .string(parts[1])
      own["seLinuxOptions"] = options
    default: return false
    }
    return true
  }
}
