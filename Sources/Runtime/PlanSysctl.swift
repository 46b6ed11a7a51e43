internal import Linux
internal import SystemPackage

extension ContainerPlan.Sysctl {
  /// Only what belongs to a namespace of the container's own may be set; the messages are runc's.
  static func all(
    _ values: [String: String], namespaces: NamespacePlan, hasHostName: Bool
  ) throws(RuntimeError) -> [ContainerPlan.Sysctl] {
    var sysctls: [ContainerPlan.Sysctl] = []
    for (key, value) in values.sorted(by: { $0.key < $1.key }) {
      let name = key.contains("/") && !key.contains(".") ? key.replacing("/", with: ".") : key
      try check(name, namespaces, hasHostName)
      // In a name written with slashes first, dots belong to an interface's name (sysctl.d(5)).
      let firstSeparator = key.first { $0 == "." || $0 == "/" }
      let spelled = firstSeparator == "/" ? key : String(key.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 })
      let path = FilePath(spelled)
      if path.isAbsolute || path.components.contains(where: { $0.kind != .regular }) {
        throw .property("linux.sysctl['\(key)']", "is not the name of a kernel parameter")
      }
      sysctls.append(ContainerPlan.Sysctl(key: key, value: value, path: path))
    }
    return sysctls
  }

  private static func check(_ name: String, _ namespaces: NamespacePlan, _ hasHostName: Bool) throws(RuntimeError) {
    let plain = name.replacing("/", with: ".")
    if ofIPC.contains(plain) || plain.hasPrefix("fs.mqueue.") {
      if namespaces.all.contains(.ipc) { return }
      throw .message("sysctl \"\(name)\" is not allowed in the hosts ipc namespace")
    }
    if plain.hasPrefix("net.") {
      if namespaces.all.contains(.network) { return }
      throw .message("sysctl \"\(name)\" is not allowed in the hosts network namespace")
    }
    if plain == "kernel.domainname" || plain == "kernel.hostname" {
      if !namespaces.all.contains(.uts) { throw .message("sysctl \"\(name)\" is not allowed in the hosts UTS namespace") }
      if plain == "kernel.hostname" {
        throw .message("sysctl \"\(name)\" is not allowed as it conflicts with the OCI \"hostname\" field")
      }
      return
    }
    if plain.hasPrefix("user."), namespaces.all.contains(.user) { return }
    throw .message("sysctl \"\(name)\" is not in a separate kernel namespace")
  }

  private static let ofIPC: Set<String> = [
    "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni",
    "kernel.shm_rmid_forced",
  ]
}
