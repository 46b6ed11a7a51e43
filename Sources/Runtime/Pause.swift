internal import Cgroups
internal import OCIRuntimeSpec

extension Container {
  /// Freezes every process of the container.
  package func pause() throws(RuntimeError) {
    let status = status
    guard status == .running || status == .created else { throw .message("container not running or created: \(status.rawValue)") }
    guard let cgroup = try cgroup() else { throw .message("container has no cgroup to freeze") }
    do { try cgroup.freeze() } catch { throw .message("\(error)") }
  }

  package func resume() throws(RuntimeError) {
    guard status == .paused else { throw .message("container not paused") }
    do { try cgroup()?.thaw() } catch { throw .message("\(error)") }
  }

  /// The processes in the container, ascending.
  package func processIDs() throws(RuntimeError) -> [Int32] {
    do { return try cgroup()?.processIDs() ?? [] } catch { throw .message("\(error)") }
  }
}
