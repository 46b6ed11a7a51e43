internal import Linux
internal import SystemPackage

/// A container that is being made: its directory, held by a lock that the kernel drops when we die, and its name. Whatever is left of
/// a create that was killed has no container.json and a lock that nobody holds: `prune` removes it and its name is free.
struct Reservation: ~Copyable {
  let id: String
  let name: String
  let directory: FilePath
  let lock: FileLock
}

/// The file in a bundle that its maker holds an flock on.
let creationLockName = ".create.lock"

extension ContainerStore {
  /// Makes the directory of a new container and takes a name for it: the one asked for, or one of docker's kind.
  func reserve(name wanted: String?) throws(BundleError) -> Reservation {
    let places = places
    let id = newContainerID()
    let directory = places.container(id)
    let lock = try attempting("create a container") { () throws(SystemError) -> FileLock in
      try makeDirectories(places.names)
      // Mode 0710: what is inside belongs to root and to users that the image names.
      try makeDirectories(directory, mode: 0o710)
      return try FileLock(directory.appending(creationLockName), .exclusive, waiting: false)
    }
    let name: String
    do throws(BundleError) { name = try takeName(wanted, for: id) } catch {
      try? removeTree(directory)
      throw error
    }
    return Reservation(id: id, name: name, directory: directory, lock: lock)
  }

  private func takeName(_ wanted: String?, for id: String) throws(BundleError) -> String {
    if let wanted {
      let name = wanted.hasPrefix("/") ? String(wanted.dropFirst()) : wanted
      try take(name: name, for: id)
      return name
    }
    for attempt in 0..<100 {
      let name = ContainerName.random(attempt: attempt)
      if try owner(of: name) != nil { continue }
      do { try take(name: name, for: id) } catch BundleError.refused { continue }
      return name
    }
    throw .refused("no free name for the container: give it one with --name")
  }

  /// Puts the file of `name` there for the container `id`, under the lock of all names.
  func take(name: String, for id: String) throws(BundleError) {
    let places = places
    let lock = try attempting("reserve the name '\(name)'") { () throws(SystemError) in try FileLock(places.namesLock, .exclusive) }
    defer { withExtendedLifetime(lock) {} }
    if let owner = try owner(of: name), try !isStale(name, owner) { throw nameConflict(name, owner) }
    try attempting("reserve the name '\(name)'") { () throws(SystemError) in
      // Not synced: container.json has the name too, and is found by it when this file is lost.
      try replaceFile(places.names.appending(name), with: Array(id.utf8), durable: false)
    }
  }

  /// Lets a name go if it still belongs to the container `id`.
  func release(name: String, of id: String) throws(BundleError) {
    guard !name.isEmpty else { return }
    let places = places
    let lock = try attempting("free the name '\(name)'") { () throws(SystemError) in try FileLock(places.namesLock, .exclusive) }
    defer { withExtendedLifetime(lock) {} }
    guard try owner(of: name) == id else { return }
    try attempting("free the name '\(name)'") { () throws(SystemError) in try removeFile(places.names.appending(name)) }
  }

  func nameConflict(_ name: String, _ owner: String) -> BundleError {
    .refused(
      "Conflict. The container name \"/\(name)\" is already in use by container \"\(owner)\". "
        + "You have to remove (or rename) that container to be able to reuse that name.")
  }

  /// A name whose container is gone, has another name now, or was never finished by a maker who is dead.
  private func isStale(_ name: String, _ owner: String) throws(BundleError) -> Bool {
    if let container = try container(owner) { return container.record.name != name }
    return try isAbandoned(owner)
  }

  /// Whether the directory of an unfinished container belongs to nobody any more.
  func isAbandoned(_ id: String) throws(BundleError) -> Bool {
    do {
      _ = try fileStatus(places.container(id))
      _ = try FileLock(places.container(id).appending(creationLockName), .exclusive, waiting: false)
      return true
    } catch {
      if error.errno == .noSuchFileOrDirectory { return true }
      if error.errno == .wouldBlock { return false }
      throw .failed(attempt: "look at container '\(shortID(id))'", error)
    }
  }
}
