internal import JSON
internal import Linux
internal import SystemPackage

/// What is there for containers that are not, or do not run: a line each; none where all is well. What is seen is looked at a second time a
/// moment later, since what is being made or taken away looks like that for a while.
package func leftovers(_ places: Places) throws(BundleError) -> [String] {
  let first = try Leftovers(places).lines
  if first.isEmpty { return [] }
  sleepNanoseconds(300_000_000)
  let second = Set(try Leftovers(places).lines)
  return first.filter(second.contains)
}

private struct Leftovers {
  private let places: Places
  private(set) var lines: [String] = []
  /// The containers of the store, and those of them that run.
  private var known: Set<String> = []
  private var running: Set<String> = []

  init(_ places: Places) throws(BundleError) {
    self.places = places
    let store = ContainerStore(places)
    for id in try store.ids() {
      guard let container = try store.container(id) else {
        if try store.isAbandoned(id) { lines.append("container '\(shortID(id))': left half made or half removed") }
        known.insert(id)
        continue
      }
      known.insert(id)
      if try ContainerState(container, places).isRunning { running.insert(id) }
    }
    for name in names(places.names) {
      if let owner = try store.owner(of: name), !known.contains(owner) { lines.append("name '\(name)': its container is gone") }
    }
    addRuntime()
    addNetwork()
    addMounts()
    addCgroups()
  }

  private func names(_ directory: FilePath) -> [String] {
    guard let opened = try? openFile(directory, [.readOnly, .directory]), let entries = try? opened.entries() else { return [] }
    return entries.map(\.name.string).sorted()
  }

  /// A build's step has its state there too, under a name of another form.
  private mutating func addRuntime() {
    for kind in ["runtime", "monitor"] {
      for id in names(places.run.appending(kind)) where isContainerID(id) && !running.contains(id) {
        // One that waits for its start, or for the next one, is no leftover.
        if kind == "runtime", let state = try? RuntimeState.read(id, places), state.isAlive { continue }
        if kind == "monitor", MonitorState.read(id, places) != nil { continue }
        lines.append("\(kind) '\(shortID(id))': the container does not run")
      }
    }
  }

  private mutating func addNetwork() {
    for name in names(places.run.appending("network")) where name.hasSuffix(".json") {
      let id = String(name.dropLast(5))
      if isContainerID(id), !lives(id) { lines.append("network of '\(shortID(id))': the container does not run") }
    }
    for network in names(places.root.appending("networks")) where !network.hasPrefix(".") {
      let leases = places.root.appending("networks").appending(network).appending("leases")
      for address in names(leases) where !address.hasPrefix(".") {
        guard let content = try? readFile(leases.appending(address), limit: 64 << 10),
          let owner = (try? JSONValue(parsing: content))?["owner"]?.stringValue, isContainerID(owner), !lives(owner)
        else { continue }
        lines.append("lease \(address) of network '\(network)': the container '\(shortID(owner))' does not run")
      }
    }
    let published = (try? readFile(places.publishedPorts)) ?? []
    for line in published.split(separator: UInt8(ascii: "\n")) {
      let fields = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
      guard fields.count >= 6, isContainerID(fields[5]), !lives(fields[5]) else { continue }
      lines.append("port \(fields[1]):\(fields[2])/\(fields[0]): the container '\(shortID(fields[5]))' does not run")
    }
  }

  /// Whether the container runs, or is being started.
  private func lives(_ id: String) -> Bool {
    running.contains(id) || (try? RuntimeState.read(id, places))??.isAlive == true
  }

  private mutating func addMounts() {
    let prefix = places.containers.string + "/"
    let table = (try? readFile("/proc/self/mountinfo")) ?? []
    for line in table.split(separator: UInt8(ascii: "\n")) {
      // The fifth field is the mount point (proc_pid_mountinfo(5)).
      let fields = String(decoding: line, as: UTF8.self).split(separator: " ")
      guard fields.count > 4, fields[4].hasPrefix(prefix) else { continue }
      let id = String(fields[4].dropFirst(prefix.count).prefix { $0 != "/" })
      if !known.contains(id) { lines.append("mount '\(fields[4])': the container is gone") }
    }
  }

  /// Those of this store's containers that have no process any more.
  private mutating func addCgroups() {
    let top = FilePath("/sys/fs/cgroup")
    for hierarchy in [top] + names(top).map({ top.appending($0) }) {
      for id in known.sorted() where !running.contains(id) && !lives(id) {
        let cgroup = hierarchy.appending("tote").appending(id)
        if (try? fileStatus(cgroup)) != nil { lines.append("cgroup '\(cgroup)': the container does not run") }
      }
    }
  }
}
