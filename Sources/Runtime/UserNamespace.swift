internal import Linux
internal import OCIRuntimeSpec
internal import SystemPackage

/// A user namespace with these mappings and nobody in it.
func userNamespace(uidMappings: [IDMapping], gidMappings: [IDMapping]) throws(SystemError) -> OwnedDescriptor {
  let pair = try OwnedDescriptor.socketPair()
  let ours = OwnedDescriptor(pair.0)
  let theirs = OwnedDescriptor(pair.1)
  guard let child = try cloneProcess(.user) else {
    // Lives until the other side has the namespace open and goes.
    _ = ours.release()
    _ = try? theirs.receive()
    exitNow(0)
  }
  defer {
    try? child.descriptor.sendSignal(Signal.kill)
    _ = try? waitForProcess(child.id)
  }
  try writeMappings(of: child.id, uidMappings, gidMappings)
  return try openFile(FilePath("/proc/\(child.id)/ns/user"), .readOnly)
}

/// Writes uid_map and gid_map of a process that is alone in a new user namespace (user_namespaces(7)).
///
/// An ordinary user may map nothing but the own id; for all else newuidmap(1) and newgidmap(1) look into /etc/subuid and /etc/subgid.
func writeMappings(of process: Int32, _ uidMappings: [IDMapping], _ gidMappings: [IDMapping]) throws(SystemError) {
  if effectiveUserID != 0, !(uidMappings.isOnly(effectiveUserID) && gidMappings.isOnly(effectiveGroupID)) {
    try runMapper("newuidmap", process, uidMappings)
    return try runMapper("newgidmap", process, gidMappings)
  }
  let directory = try openFile(FilePath("/proc/\(process)"), [.path, .directory])
  guard try directory.fileSystemStatus().magic == FileSystemStatus.procMagic else {
    throw SystemError("open", FilePath("/proc"), .operationNotSupportedByDevice)
  }
  func write(_ text: String, _ name: FilePath) throws(SystemError) {
    do { try directory.open(name, [.writeOnly, .noFollow]).writeAll(text) } catch {
      throw SystemError("write", "'\(name)' of process \(process)", error.errno)
    }
  }
  // Without privilege over the parent's groups setgroups(2) must be given up first (CVE-2014-8989).
  if effectiveUserID != 0 { try write("deny", "setgroups") }
  try write(uidMappings.map(\.line).joined(), "uid_map")
  try write(gidMappings.map(\.line).joined(), "gid_map")
}

private func runMapper(_ name: String, _ process: Int32, _ mappings: [IDMapping]) throws(SystemError) {
  let output = try makeMemoryFile("output")
  let arguments = mappings.flatMap { ["\($0.containerID)", "\($0.hostID)", "\($0.size)"] }
  let command = try SpawnedCommand(
    try toolPath(name), [name, "\(process)"] + arguments, input: .none, output: .descriptor(output.rawValue),
    error: .descriptor(output.rawValue))
  if try command.wait() == .exited(0) { return }
  let said = String(decoding: (try? output.readStart(1024)) ?? [], as: UTF8.self).split(separator: "\n").first ?? "failed"
  throw SystemError(name, arguments.joined(separator: " ") + ": \(said)", .notPermitted)
}

extension [IDMapping] {
  fileprivate func isOnly(_ id: UInt32) -> Bool { count == 1 && self[0].hostID == id && self[0].size == 1 }
}
