internal import Events
internal import JSON
internal import Linux
package import SystemPackage

/// Removes bundles.
package struct Removal: Sendable {
  let places: Places
  /// Kills what runs.
  let force: Bool
  /// Takes the anonymous volumes along.
  let volumes: Bool

  package init(_ places: Places, force: Bool, volumes: Bool) {
    self.places = places
    self.force = force
    self.volumes = volumes
  }

  /// Removes one bundle: container.json goes first, so that from there on it counts as unfinished and whoever finds it removes the rest.
  package func remove(_ directory: FilePath) throws(BundleError) {
    guard let record = try readRecord(directory) else {
      throw .refused("'\(directory)' is not a bundle: it has no container.json")
    }
    let container = StoredContainer(directory: directory, record: record)
    let state = try ContainerState(container, places)
    if state.pid != 0 {
      guard force else {
        throw .refused(
          "cannot remove container \"\(record.name.isEmpty ? record.id : record.name)\": container is \(state.status.rawValue): "
            + "stop the container before removing or force remove")
      }
    }
    // Also what is left of a container that ended: its cgroup, its network, its state.
    if try RuntimeState.read(record.id, places) != nil { try deleteFromRuntime(record.id) }
    if record.limits.cgroupParent == nil { removeEmptyCgroups() }
    try unmountBundle(directory)
    let held = directory == places.container(record.id)
    let document = try? JSONValue(parsing: readFile(directory.appending(ContainerRecord.fileName)))
    try attempting("remove bundle '\(directory)'") { () throws(SystemError) in
      try removeFile(directory.appending(ContainerRecord.fileName))
      try removeTree(directory)
    }
    if held { try ContainerStore(places).release(name: record.name, of: record.id) }
    if held, let document { EventJournal(runRoot: places.run).append(ContainerEvent("destroy", of: document)) }
    try? removeTree(places.run.appending("monitor").appending(record.id))
    if volumes {
      for mount in record.mounts where mount.anonymous == true {
        if let name = mount.name { try VolumeStore(places).remove(name) }
      }
    }
  }

  /// Takes the containers' common cgroup away with the last of them: rmdir(2) fails while another is in it.
  private func removeEmptyCgroups() {
    let top = FilePath("/sys/fs/cgroup")
    guard let hierarchies = try? openFile(top, [.readOnly, .directory]).entries() else { return }
    for place in [top] + hierarchies.filter({ $0.kind == .directory }).map({ top.appending($0.name) }) {
      try? removeFile(place.appending("tote"), directory: true)
    }
  }

  private func deleteFromRuntime(_ id: String) throws(BundleError) {
    let root = places.run.appending("runtime")
    let status = try attempting("remove container '\(shortID(id))'") { () throws(SystemError) -> ExitStatus in
      try SpawnedCommand(
        try toolPath("runc-swift"), ["runc-swift", "--root", root.string, "delete", "--force", id], input: .none, output: .none
      ).wait()
    }
    guard status == .exited(0) else { throw .refused("cannot remove container '\(shortID(id))': runc-swift delete failed") }
  }
}
