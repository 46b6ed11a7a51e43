internal import JSON
internal import Linux
package import SystemPackage

/// A container of the store: its directory and what container.json says.
package struct StoredContainer: Sendable {
  package let directory: FilePath
  package var record: ContainerRecord
}

/// The containers under `$TOTE_ROOT/containers`.
package struct ContainerStore: Sendable {
  package let places: Places
  package init(_ places: Places) { self.places = places }

  /// Every container whose create finished, the newest first. One that is being made or was left half made has no container.json.
  package func all() throws(BundleError) -> [StoredContainer] {
    var found: [StoredContainer] = []
    for id in try ids() {
      if let container = try container(id) { found.append(container) }
    }
    return found.sorted { ($0.record.created, $0.record.id) > ($1.record.created, $1.record.id) }
  }

  /// The names of the directories there, finished or not.
  func ids() throws(BundleError) -> [String] {
    do {
      return try openFile(places.containers, [.readOnly, .directory]).entries().map(\.name.string).filter(isContainerID)
    } catch {
      if error.errno == .noSuchFileOrDirectory { return [] }
      throw .failed(attempt: "list containers", error)
    }
  }

  /// The container of a full id; nil where there is none or its create did not finish.
  package func container(_ id: String) throws(BundleError) -> StoredContainer? {
    let directory = places.container(id)
    guard let record = try readRecord(directory) else { return nil }
    return StoredContainer(directory: directory, record: record)
  }

  /// The container that a user means: by full id, name, or the beginning of an id, in docker's order.
  package func resolve(_ typed: String) throws(BundleError) -> StoredContainer {
    if isContainerID(typed), let container = try container(typed) { return container }
    let name = typed.hasPrefix("/") ? String(typed.dropFirst()) : typed
    if isRestrictedName(name), let container = try named(name) { return container }
    guard !typed.isEmpty, typed.utf8.allSatisfy(isHexDigit) else { throw .noSuchContainer(typed) }
    let matches = try ids().filter { $0.hasPrefix(typed) }
    var found: StoredContainer?
    for id in matches {
      guard let container = try container(id) else { continue }
      if found != nil { throw .ambiguous(typed) }
      found = container
    }
    guard let found else { throw .noSuchContainer(typed) }
    return found
  }

  /// The container that a name belongs to.
  func named(_ name: String) throws(BundleError) -> StoredContainer? {
    // Without its file, which a crash of the machine may have taken, a name is looked for in every container.
    guard let id = try owner(of: name) else { return try all().first { $0.record.name == name } }
    guard let container = try container(id), container.record.name == name else { return nil }
    return container
  }

  /// What the file of a name says.
  func owner(of name: String) throws(BundleError) -> String? {
    do {
      let id = String(decoding: try readFile(places.names.appending(name), limit: 4096), as: UTF8.self).trimmed()
      return isContainerID(id) ? id : nil
    } catch {
      if error.errno == .noSuchFileOrDirectory { return nil }
      throw .failed(attempt: "look up the name '\(name)'", error)
    }
  }
}

/// container.json of a bundle; nil where there is none.
package func readRecord(_ directory: FilePath) throws(BundleError) -> ContainerRecord? {
  let path = directory.appending(ContainerRecord.fileName)
  let content: [UInt8]
  do { content = try readFile(path, limit: 16 << 20) } catch {
    if [.noSuchFileOrDirectory, .notDirectory].contains(error.errno) { return nil }
    throw .failed(attempt: "read a container", error)
  }
  // What a crash of the machine leaves of a file that was not synced.
  if content.isEmpty { return nil }
  do { return try decodeJSON(ContainerRecord.self, from: content) } catch {
    throw .damaged(path: path.description, reason: error.description)
  }
}

func isContainerID(_ text: String) -> Bool { text.utf8.count == 64 && text.utf8.allSatisfy(isHexDigit) }

/// A digit of an id: lower case only.
func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "f")) }
