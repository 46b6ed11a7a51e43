internal import CLinux
internal import Glibc
internal import SystemPackage

/// epoll(7), level-triggered: which of many descriptors can be read or written.
package struct Epoll: ~Copyable {
  package struct Events: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package static let readable = Events(rawValue: 1)
    package static let writable = Events(rawValue: 4)
    package static let error = Events(rawValue: 8)
    /// The other end is gone; comes without being asked for.
    package static let hangup = Events(rawValue: 16)
  }

  private let descriptor: OwnedDescriptor

  package init() throws(SystemError) {
    descriptor = OwnedDescriptor(try valueOrError("epoll_create") { clinux_epoll_create() })
  }

  /// Watches `file`; its events come with `token`.
  package func add(_ file: Int32, _ events: Events, token: UInt64) throws(SystemError) {
    try control(EPOLL_CTL_ADD, file, events, token)
  }
  package func modify(_ file: Int32, _ events: Events, token: UInt64) throws(SystemError) {
    try control(EPOLL_CTL_MOD, file, events, token)
  }
  /// To be called before the descriptor is closed, since a child may hold a copy that keeps its events coming.
  package func remove(_ file: Int32) throws(SystemError) { try control(EPOLL_CTL_DEL, file, [], 0) }

  /// The next event; nil after `milliseconds` (-1: never).
  package func wait(milliseconds: Int32) throws(SystemError) -> (token: UInt64, events: Events)? {
    var token: UInt64 = 0
    var events: UInt32 = 0
    let count = try valueOrError("epoll_wait") {
      unsafe clinux_epoll_wait(descriptor.rawValue, &token, &events, milliseconds)
    }
    return count == 0 ? nil : (token, Events(rawValue: events))
  }

  private func control(_ operation: Int32, _ file: Int32, _ events: Events, _ token: UInt64) throws(SystemError) {
    try nothingOrError("epoll_ctl", "descriptor \(file)") {
      clinux_epoll_control(descriptor.rawValue, operation, file, events.rawValue, token)
    }
  }
}

extension OwnedDescriptor {
  /// Reads and writes that would wait are EAGAIN instead (`O_NONBLOCK`, for every holder of the open file description).
  package func setNonBlocking() throws(SystemError) { try Linux.setNonBlocking(rawValue) }
}

/// ``OwnedDescriptor/setNonBlocking()`` of a descriptor that somebody else owns.
package func setNonBlocking(_ descriptor: Int32) throws(SystemError) {
  let flags = try valueOrError("fcntl", "descriptor \(descriptor)") { clinux_fcntl(descriptor, F_GETFL, 0) }
  try nothingOrError("fcntl", "descriptor \(descriptor)") { clinux_fcntl(descriptor, F_SETFL, Int(flags | O_NONBLOCK)) }
}

/// read(2) of up to `limit` bytes from a descriptor that somebody else owns: empty at the end, nil where nothing is there yet.
package func readAvailable(_ descriptor: Int32, limit: Int = 32 << 10) throws(SystemError) -> [UInt8]? {
  var bytes = [UInt8](repeating: 0, count: limit)
  do {
    let count = try valueOrError("read", "descriptor \(descriptor)") { unsafe Glibc.read(descriptor, &bytes, limit) }
    bytes.removeLast(limit - count)
    return bytes
  } catch  where error.errno == .resourceTemporarilyUnavailable {
    return nil
  }
}

/// write(2) of what the descriptor takes without waiting: how many bytes, 0 where it takes none now.
package func writeAvailable(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int {
  do {
    return try valueOrError("write", "descriptor \(descriptor)") {
      unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
  } catch  where error.errno == .resourceTemporarilyUnavailable {
    return 0
  }
}

/// Whether a descriptor that somebody else owns has something to read within `milliseconds`.
package func isReadable(_ descriptor: Int32, within milliseconds: Int32) throws(SystemError) -> Bool {
  var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  return try valueOrError("poll", "descriptor \(descriptor)") { unsafe poll(&entry, 1, milliseconds) } > 0
}
