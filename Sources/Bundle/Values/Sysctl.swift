/// `--sysctl NAME=VALUE`: only those that belong to a namespace of the container.
package func sysctl(_ text: String) throws(InvalidValue) -> String {
  guard let (name, _) = text.cut(at: "="), !name.isEmpty else { throw InvalidValue("sysctl '\(text)' is not allowed") }
  guard namespacedSysctls.contains(name) || name.hasPrefix("net.") || name.hasPrefix("fs.mqueue.") else {
    throw InvalidValue("sysctl '\(text)' is not allowed")
  }
  return text
}

/// What ipc_namespaces(7) lists.
private let namespacedSysctls: Set<String> = [
  "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni",
  "kernel.shm_rmid_forced",
]
