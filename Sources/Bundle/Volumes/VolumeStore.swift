internal import JSON
internal import Linux
package import SystemPackage

/// `volumes/<name>/volume.json`: what a volume is beside its content in `_data`.
package struct VolumeRecord: Codable, Hashable, Sendable {
  package var name: String
  package var driver = "local"
  /// RFC 3339.
  package var created: String
  package var labels: [String: String]
  /// Nobody named it: it goes with the container that it was made for.
  package var anonymous: Bool
}

/// The volumes under `$TOTE_ROOT/volumes`.
package struct VolumeStore: Sendable {
  package let places: Places
  package init(_ places: Places) { self.places = places }

  package func directory(_ name: String) -> FilePath { places.volumes.appending(name) }
  package func data(_ name: String) -> FilePath { directory(name).appending("_data") }

  /// Makes the volume where it does not exist yet.
  /// - Returns: whether it was made now.
  func ensure(_ name: String, labels: [String: String], anonymous: Bool) throws(BundleError) -> Bool {
    let volumes = self
    let record = VolumeRecord(name: name, created: Timestamp.now.rfc3339, labels: labels, anonymous: anonymous)
    let content: [UInt8]
    do { content = try encodeJSON(record) } catch { throw .damaged(path: "volume.json", reason: error.description) }
    return try attempting("create volume '\(name)'") { () throws(SystemError) in
      try makeDirectories(volumes.places.volumes, mode: 0o711)
      let lock = try FileLock(volumes.places.volumesLock, .exclusive)
      defer { withExtendedLifetime(lock) {} }
      if (try? fileStatus(volumes.directory(name).appending("volume.json"))) != nil { return false }
      try makeDirectories(volumes.data(name))
      try replaceFile(volumes.directory(name).appending("volume.json"), with: content)
      return true
    }
  }

  /// Removes a volume and its content.
  func remove(_ name: String) throws(BundleError) {
    let volumes = self
    try attempting("remove volume '\(name)'") { () throws(SystemError) in try removeTree(volumes.directory(name)) }
  }

  /// Fills an empty volume with what the image has at `target`, with its owners, modes and links, and gives the volume's own directory
  /// the owner and mode of that place; docker's copy-up. A volume with something in it, or a target that is no directory, stays as it is.
  func copyUp(_ name: String, from target: String, of root: borrowing RootDirectory) throws(BundleError) {
    let attempt = "copy the image's content to volume '\(name)'"
    let source: OwnedDescriptor
    do { source = try root.open(FilePath(target), [.readOnly, .directory]) } catch {
      if [.noSuchFileOrDirectory, .notDirectory].contains(error.errno) { return }
      throw .failed(attempt: attempt, error)
    }
    let volumes = self
    do {
      let lock = try FileLock(volumes.places.volumesLock, .exclusive)
      defer { withExtendedLifetime(lock) {} }
      let data = try openFile(volumes.data(name), [.readOnly, .directory])
      guard try data.entries().isEmpty else { return }
      let status = try source.status()
      try copyContents(from: source, to: data)
      try data.changeOwner(userID: status.userID, groupID: status.groupID)
      try data.changeMode(status.permissions)
    } catch { throw .failed(attempt: attempt, error) }
  }
}
