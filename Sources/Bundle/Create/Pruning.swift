internal import Linux
internal import SystemPackage

extension Removal {
  /// Removes every container of the store that does not run, and whatever a create or a remove left half done.
  /// - Returns: the ids of the containers, and how many bytes they had written.
  package func prune() throws(BundleError) -> (ids: [String], bytes: Int64) {
    _ = try collectAbandoned()
    let store = ContainerStore(places)
    var ids: [String] = []
    var bytes: Int64 = 0
    for container in try store.all() where try ContainerState(container, places).pid == 0 {
      // What cannot be measured is removed all the same.
      bytes += (try? ContainerSize(container).written) ?? 0
      try remove(container.directory)
      ids.append(container.record.id)
    }
    return (ids, bytes)
  }

  /// Removes directories without a container.json whose maker is dead, and names that belong to nobody.
  package func collectAbandoned() throws(BundleError) -> [String] {
    let store = ContainerStore(places)
    var removed: [String] = []
    for id in try store.ids() where try store.container(id) == nil {
      guard try store.isAbandoned(id) else { continue }
      let directory = places.container(id)
      try unmountBundle(directory)
      try attempting("remove what is left of container '\(shortID(id))'") { () throws(SystemError) in try removeTree(directory) }
      removed.append(id)
    }
    for name in try store.takenNames() {
      guard let owner = try store.owner(of: name), (try? fileStatus(places.container(owner))) == nil else { continue }
      try store.release(name: name, of: owner)
    }
    return removed
  }
}

extension ContainerStore {
  fileprivate func takenNames() throws(BundleError) -> [String] {
    do { return try openFile(places.names, [.readOnly, .directory]).entries().map(\.name.string) } catch {
      if error.errno == .noSuchFileOrDirectory { return [] }
      throw .failed(attempt: "list the names of containers", error)
    }
  }
}
