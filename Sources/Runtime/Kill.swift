internal import Cgroups
internal import Linux
internal import OCIRuntimeSpec
internal import SystemPackage

extension Container {
  /// Sends a signal to the container's process, or with `all` to every process of its cgroup.
  package func kill(_ signal: Int32, all: Bool = false) throws(RuntimeError) {
    if all || (signal == Signal.kill && !hasOwnPIDNamespace) { return try killAll(signal) }
    guard let process = try openProcess() else { throw .message("container not running") }
    do { try process.sendSignal(signal) } catch {
      if error.errno == .noSuchProcess { throw .message("container not running") }
      throw .system("kill", error)
    }
    // A frozen process takes no signal, not even this one.
    if signal == Signal.kill, let cgroup = try cgroup(), (try? cgroup.isFrozen()) == true { try? cgroup.thaw() }
  }

  /// Without one, or in somebody else's, the death of init leaves the others alive.
  var hasOwnPIDNamespace: Bool {
    (try? configuration())?.linux?.namespaces?.contains { $0.type == .pid && ($0.path ?? "").isEmpty } ?? true
  }

  private func killAll(_ signal: Int32) throws(RuntimeError) {
    guard let cgroup = try cgroup() else { throw .message("container has no cgroup") }
    do { try cgroup.kill(signal: signal) } catch { throw .message("\(error)") }
  }
}
