internal import OCIRuntimeSpec
internal import SystemPackage

/// What a container shares with others: their namespaces and the files that go with those.
struct Joining {
  var namespaces: [Namespace.Kind: String] = [:]
  var nameFiles: FilePath?
  /// Who shares a network shares its name.
  var hostname: String?
  var sharedMemory: FilePath?

  init(_ flags: ContainerFlags, _ places: Places) throws(BundleError) {
    let store = ContainerStore(places)
    if flags.networkMode.hasPrefix("container:") {
      let other = try Joining.running(String(flags.networkMode.dropFirst(10)), "network", store)
      namespaces[.network] = "/proc/\(other.pid)/ns/net"
      nameFiles = other.container.directory
      hostname = other.container.record.configuration.hostname
    }
    if case .container(let name) = flags.pidMode {
      namespaces[.pid] = "/proc/\(try Joining.running(name, "PID namespace", store).pid)/ns/pid"
    }
    if case .container(let name) = flags.ipcMode {
      let other = try Joining.running(name, "IPC namespace", store)
      guard other.container.record.security.ipcMode == "shareable" else {
        throw .refused(
          "can't join IPC of container \(other.container.record.id): non-shareable IPC (hint: use IpcMode:shareable for the donor container)"
        )
      }
      namespaces[.ipc] = "/proc/\(other.pid)/ns/ipc"
      sharedMemory = other.container.directory.appending("shm")
    }
  }

  private static func running(
    _ name: String, _ what: String, _ store: ContainerStore
  ) throws(BundleError) -> (container: StoredContainer, pid: Int32) {
    let container = try store.resolve(name)
    let state = try ContainerState(container, store.places)
    guard state.pid != 0 else { throw .refused("cannot join \(what) of a non running container: \(container.record.id)") }
    return (container, state.pid)
  }
}
