internal import Linux
package import SystemPackage

/// The directory (`--root`) that holds one directory for each container, named by its id.
package struct StateRoot: Sendable {
  package let path: FilePath
  package init(_ path: FilePath) { self.path = path }

  /// Makes the directory of a new container; the message for one that exists is runc's.
  func create(_ id: ContainerID) throws(RuntimeError) -> StateDirectory {
    let directory = path.appending(id.description)
    do {
      try makeDirectories(path, mode: 0o711)
      try openFile(path, [.path, .directory]).makeDirectory(FilePath(id.description), mode: 0o711)
    } catch {
      if error.errno == .fileExists { throw .message("container with given ID already exists") }
      throw .system("state directory", error)
    }
    return StateDirectory(path: directory, id: id)
  }

  /// The directory of a container that exists.
  package func find(_ id: ContainerID) throws(RuntimeError) -> StateDirectory {
    let directory = path.appending(id.description)
    do { _ = try fileStatus(directory, following: false) } catch {
      if error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory { throw .message("container does not exist") }
      throw .system("state directory", error)
    }
    return StateDirectory(path: directory, id: id)
  }

  /// Every container, ordered by id.
  package func all() throws(RuntimeError) -> [StateDirectory] {
    var found: [StateDirectory] = []
    do {
      for entry in try openFile(path, [.readOnly, .directory]).entries() where entry.kind == .directory {
        guard let id = try? ContainerID(entry.name.string) else { continue }
        found.append(StateDirectory(path: path.appending(entry.name), id: id))
      }
    } catch {
      if error.errno == .noSuchFileOrDirectory { return [] }
      throw .system("state directory", error)
    }
    return found.sorted { $0.id.description < $1.id.description }
  }
}
