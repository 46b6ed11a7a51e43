/// All of `--security-opt`.
package struct SecurityOptions: Hashable, Sendable {
  package enum Seccomp: Hashable, Sendable {
    case builtin, unconfined
    /// The path of a profile in docker's format.
    case file(String)
  }
  package var seccomp = Seccomp.builtin
  package var noNewPrivileges = false
  package var apparmorProfile: String?
  /// `user:…`, `role:…`, `type:…`, `level:…`, `disable`, in the order given.
  package var selinuxLabels: [String] = []
  /// `systempaths=unconfined`: nothing masked, nothing made read-only.
  package var systemPathsUnconfined = false
  /// `writable-cgroups=true`; nil follows `--privileged`.
  package var writableCgroups: Bool?

  package init() {}

  package init(parsing options: [String]) throws(BundleError) {
    for option in options {
      if option == "no-new-privileges" {
        noNewPrivileges = true
        continue
      }
      guard let (key, value) = option.cut(at: "=") ?? option.cut(at: ":"), !value.isEmpty else {
        throw .refused("invalid --security-opt: \(goQuoted(option))")
      }
      try set(key, value, option)
    }
  }

  private mutating func set(_ key: String, _ value: String, _ option: String) throws(BundleError) {
    switch key {
    case "no-new-privileges": noNewPrivileges = try securityBoolean(value, option)
    case "seccomp":
      seccomp =
        switch value {
        case "builtin": .builtin
        case "unconfined": .unconfined
        default: .file(value)
        }
    case "apparmor": apparmorProfile = value
    case "label": selinuxLabels.append(value)
    case "systempaths":
      guard value == "unconfined" else { throw .refused("invalid --security-opt: \(goQuoted(option))") }
      systemPathsUnconfined = true
    case "writable-cgroups": writableCgroups = try securityBoolean(value, option)
    default: throw .refused("invalid --security-opt 2: \(goQuoted(option))")
    }
  }
}

private func securityBoolean(_ text: String, _ option: String) throws(BundleError) -> Bool {
  switch text.lowercased() {
  case "1", "t", "true": return true
  case "0", "f", "false": return false
  default: throw .refused("invalid --security-opt: \(goQuoted(option))")
  }
}
