internal import JSON
internal import Linux
package import SystemPackage

/// Writes hosts, hostname and resolv.conf into the bundle.
func writeNameFiles(_ plan: BundlePlan, _ places: Places) throws(BundleError) {
  let flags = plan.flags
  var extra: [(address: String, name: String)] = []
  for host in flags.extraHosts {
    extra.append((host.address == ExtraHost.hostGateway ? try hostGateway(places) : host.address, host.name))
  }
  let shared = flags.networkMode == "host"
  var hosts = shared ? NameFiles.hostFile("/etc/hosts") : NameFiles.hosts([])
  if !hosts.isEmpty, !hosts.hasSuffix("\n") { hosts += "\n" }
  hosts += extra.map { "\($0.address)\t\($0.name)\n" }.joined()
  let resolver = NameFiles.resolverConfiguration(
    host: NameFiles.hostResolverConfiguration(), servers: flags.dns, search: flags.dnsSearch, options: flags.dnsOptions,
    sharesNetwork: shared)
  let directory = plan.directory
  let files = [("hosts", hosts), ("hostname", plan.hostname + "\n"), ("resolv.conf", resolver)]
  try attempting("write the container's name files") { () throws(SystemError) in
    for (name, text) in files { try replaceFile(directory.appending(name), with: Array(text.utf8), durable: false) }
  }
}

/// The address by which a container on the default network reaches the host: its gateway.
private func hostGateway(_ places: Places) throws(BundleError) -> String {
  let path = places.root.appending("networks/bridge/network.json")
  guard let content = try? readFile(path, limit: 1 << 20), let network = try? JSONValue(parsing: content),
    let gateway = network["gateway"]?.stringValue ?? network["ipv4"]?["gateway"]?.stringValue
  else {
    throw .refused("unable to derive the IP value for host-gateway: the network 'bridge' has not been made yet (netctl create bridge)")
  }
  return gateway
}

/// docker-init as Docker and Debian's tini install it.
func initProgram() throws(BundleError) -> FilePath {
  let places: [FilePath] = ["/usr/libexec/docker/docker-init", "/usr/bin/docker-init", "/usr/bin/tini-static", "/usr/bin/catatonit"]
  if let found = places.first(where: { (try? fileStatus($0).kind) == .regular }) { return found }
  throw .refused("--init needs an init program: none of \(places.map { "'\($0)'" }.joined(separator: ", ")) is installed (Debian: tini)")
}

/// `/dev/shm` of a container whose IPC namespace others may join: a tmpfs in the bundle.
func mountSharedMemory(_ directory: FilePath, size: Int64) throws(BundleError) {
  let place = directory.appending("shm")
  try attempting("mount the shared memory") { () throws(SystemError) in
    try makeDirectories(place)
    if try fileStatus(place).device != fileStatus(directory).device { return }
    let context = try FileSystemContext("tmpfs")
    try context.set("source", "shm")
    try context.set("size", "\(size)")
    try context.set("mode", "1777")
    let target = try openFile(place, [.path, .directory, .noFollow])
    try context.mount([.noSetuid, .noDevices, .noExecute]).attachMount(on: target, object: quoted(place))
  }
}

/// Takes away what create mounted in a bundle; nothing happens where nothing is mounted.
package func unmountBundle(_ directory: FilePath) throws(BundleError) {
  try OverlayMount(directory: directory, lowerdirs: []).unmount()
  let shared = directory.appending("shm")
  try attempting("unmount the shared memory") { () throws(SystemError) in
    guard let status = try? fileStatus(shared, following: false) else { return }
    if try status.device != fileStatus(directory).device { try detachMount(shared) }
  }
}

/// Mounts what create mounted again: after a reboot, or in another mount namespace.
package func mountBundle(_ directory: FilePath) throws(BundleError) {
  guard let record = try readRecord(directory) else { throw .refused("'\(directory)' is not a bundle: it has no container.json") }
  try OverlayMount(directory: directory, lowerdirs: record.lowerdirs.map { FilePath($0) }).mount()
  if record.security.ipcMode == "shareable" { try mountSharedMemory(directory, size: record.security.shmSize) }
}
