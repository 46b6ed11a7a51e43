package import Linux
internal import SystemPackage

/// Tells when the kernel kills a process of the container for want of memory.
package struct OOMNotification: ~Copyable {
  /// Readable when something happened: wait for it with poll or epoll, then call ``next()``.
  package let descriptor: OwnedDescriptor
  private let directory: Cgroup.Directory
  private var seen: UInt64

  package enum Event: Hashable, Sendable {
    case oom
    /// The cgroup was removed; nothing more will come.
    case ended
    /// Something else about the cgroup's memory.
    case nothing
  }

  /// Throws where the machine has no memory controller.
  package init(_ cgroup: Cgroup) throws(CgroupError) {
    if let memory = cgroup.legacy("memory") {
      // cgroup-v1/memory.rst section 10: an eventfd, registered with a descriptor of memory.oom_control.
      descriptor = try attempting("events") { () throws(SystemError) in
        let event = try makeEventDescriptor()
        let control = try memory.open("memory.oom_control", .readOnly)
        try memory.write("\(event.rawValue) \(control.rawValue)", to: "cgroup.event_control")
        return event
      }
      directory = memory
    } else if let unified = cgroup.unified, unified.number("memory.current") != nil {
      descriptor = try attempting("events") { () throws(SystemError) in
        try watchFile(unified.path.appending("memory.events"))
      }
      directory = unified
    } else {
      throw .noController(property: "events", controller: "memory")
    }
    seen = directory.oomKills ?? 0
  }

  /// Takes what has happened; waits where nothing has.
  package mutating func next() throws(CgroupError) -> Event {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let file = descriptor.rawValue
    try attempting("events") { () throws(SystemError) in try waitForInput(file, &buffer) }
    guard let now = directory.oomKills else { return .ended }
    defer { seen = now }
    // Version 1 tells of the cgroup being out of memory, whether or not a process had to die.
    return directory.version == .v1 || now > seen ? .oom : .nothing
  }

  private func waitForInput(_ file: Int32, _ buffer: inout [UInt8]) throws(SystemError) {
    var span = buffer.mutableSpan
    _ = try unsafe span.withUnsafeMutableBytes { (bytes) throws(SystemError) in try unsafe descriptor.read(into: bytes) }
  }
}

extension Cgroup {
  /// How many of the container's processes the kernel has killed for want of memory; nil without a memory controller.
  package var oomKills: UInt64? { (legacy("memory") ?? unified)?.oomKills }
}

extension Cgroup.Directory {
  /// `oom_kill` of memory.oom_control (version 1, Linux 4.13) or memory.events; nil where there is no such file.
  var oomKills: UInt64? {
    guard let text = try? read(version == .v1 ? "memory.oom_control" : "memory.events") else { return nil }
    return keyedValues(text)["oom_kill"] ?? 0
  }
}
