internal import JSON
internal import Linux
package import SystemPackage

/// What is kept of a container between two commands: `state.json` in its state directory, replaced in one step.
package struct ContainerRecord: Codable, Sendable {
  /// Of this file's format; another one is refused.
  package static let currentVersion = 1

  package var version = currentVersion
  package var id: String
  package var ociVersion: String
  package var pid: Int32
  /// Clock ticks after boot: with the pid, an identity.
  package var startTime: UInt64
  package var bundle: String
  package var rootfs: String
  /// RFC 3339, with nanoseconds.
  package var created: String
  package var owner: UInt32
  package var annotations: [String: String]
  /// Controller to directory; the empty name is cgroup version 2.
  package var cgroupPaths: [String: String]
  /// Directories of resctrl that go with the container.
  package var resctrlPaths: [String]?
  /// The one that it is in.
  package var resctrlClass: String?

  package var process: ProcessIdentity { ProcessIdentity(id: pid, startTime: startTime) }
}

/// The directory of one container below the state root.
package struct StateDirectory: Sendable {
  package let path: FilePath
  package let id: ContainerID

  /// The same record with no process, written when the cgroup has been made.
  static let unfinishedName = FilePath("creating.json")
  /// The record of a container whose cgroup is about to be made: nobody is in it yet.
  static let plannedName = FilePath("planned.json")
  static let recordName = FilePath("state.json")
  static let configurationName = FilePath("config.json")
  /// Where `start` calls; there while the container is created and not started.
  static let socketName = FilePath("start.sock")

  package var configuration: FilePath { path.pushing(Self.configurationName) }
  var socket: FilePath { path.pushing(Self.socketName) }

  func write(_ record: ContainerRecord, as name: FilePath = recordName) throws(RuntimeError) {
    let content: [UInt8]
    do { content = try encodeJSON(record) } catch { throw .message("state.json: \(error)") }
    // Below /run, which a crash of the machine empties: nothing to make durable.
    try attempting("state.json") { () throws(SystemError) in
      try replaceFile(path.pushing(name), with: content, mode: 0o600, durable: false)
    }
  }

  /// nil while the container is being created.
  package func record() throws(RuntimeError) -> ContainerRecord? { try read(Self.recordName) }

  /// What a creation that did not finish has made.
  func unfinished() throws(RuntimeError) -> ContainerRecord? { try read(Self.unfinishedName) }
  func planned() throws(RuntimeError) -> ContainerRecord? { try read(Self.plannedName) }

  private func read(_ name: FilePath) throws(RuntimeError) -> ContainerRecord? {
    let content: [UInt8]
    do { content = try readFile(path.pushing(name), limit: 16 << 20) } catch {
      if error.errno == .noSuchFileOrDirectory { return nil }
      throw .system("state", error)
    }
    do {
      let record = try decodeJSON(ContainerRecord.self, from: content)
      if record.version != ContainerRecord.currentVersion {
        throw RuntimeError.message("state.json: version \(record.version) is not understood")
      }
      return record
    } catch let error as RuntimeError { throw error } catch { throw .message("state.json of '\(id)': \(error)") }
  }

  func remove() throws(RuntimeError) {
    try attempting("state directory") { () throws(SystemError) in try removeTree(path) }
  }
}
