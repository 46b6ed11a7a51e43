package import Cgroups
internal import JSON
package import Linux
package import OCIRuntimeSpec
internal import SystemPackage

/// A container that has been created, as a later command finds it.
package struct Container {
  package let directory: StateDirectory
  package let record: ContainerRecord
  package var id: String { record.id }

  package typealias Status = State.Status

  /// Finds a container that exists; one whose creation did not finish is an error.
  package init(_ id: ContainerID, in root: StateRoot) throws(RuntimeError) {
    let directory = try root.find(id)
    guard let record = try directory.record() else {
      throw .message("container '\(id)' is being created, or its creation was cut short: delete --force removes it")
    }
    self.init(directory: directory, record: record)
  }

  package init(directory: StateDirectory, record: ContainerRecord) {
    self.directory = directory
    self.record = record
  }

  package func cgroup() throws(RuntimeError) -> Cgroup? {
    if record.cgroupPaths.isEmpty { return nil }
    do { return try Cgroup(paths: record.cgroupPaths) } catch { throw .message("\(error)") }
  }

  /// From the process's start time, so that another process with the same id does not count; a zombie is stopped.
  package var status: Status {
    if !record.process.isAlive { return .stopped }
    if (try? fileStatus(directory.socket, following: false)) != nil { return .created }
    if (try? cgroup()?.isFrozen()) == true { return .paused }
    return .running
  }

  /// The configuration as it was at creation, whatever became of the bundle.
  package func configuration() throws(RuntimeError) -> RuntimeConfiguration {
    let content = try attempting("state") { () throws(SystemError) in try readFile(directory.configuration) }
    do { return try decodeJSON(RuntimeConfiguration.self, from: content) } catch { throw .message("config.json: \(error)") }
  }

  /// A pidfd of the container's process, checked to be that very process.
  package func openProcess() throws(RuntimeError) -> OwnedDescriptor? {
    let descriptor: OwnedDescriptor
    do { descriptor = try Linux.openProcess(record.pid) } catch {
      if error.errno == .noSuchProcess { return nil }
      throw .system("container process", error)
    }
    if !record.process.isAlive { return nil }
    return descriptor
  }
}
