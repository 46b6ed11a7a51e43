internal import CLinux
internal import Glibc
package import SystemPackage

/// A message of a unix(7) socket with the descriptors that came with it.
package struct SocketMessage: ~Copyable {
  package let bytes: [UInt8]
  /// Close-on-exec; the receiver owns them.
  package let descriptors: [Int32]
}

extension OwnedDescriptor {
  /// A connected pair of sockets that keep message boundaries (`SOCK_SEQPACKET`).
  package static func socketPair() throws(SystemError) -> (Int32, Int32) {
    var pair: [Int32] = [0, 0]
    try nothingOrError("socketpair") { unsafe socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) }
    return (pair[0], pair[1])
  }

  /// A unix socket, of the stream kind or one that keeps message boundaries.
  package static func unixSocket(stream: Bool = true) throws(SystemError) -> OwnedDescriptor {
    let type = (stream ? SOCK_STREAM : SOCK_SEQPACKET).rawValue | SOCK_CLOEXEC.rawValue
    return OwnedDescriptor(try valueOrError("socket") { socket(AF_UNIX, Int32(type), 0) })
  }

  /// A unix socket without connections.
  package static func datagramSocket() throws(SystemError) -> OwnedDescriptor {
    OwnedDescriptor(try valueOrError("socket") { socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0) })
  }

  /// bind(2) at `path`.
  package func bind(to path: FilePath) throws(SystemError) {
    try withAddress(path) { (address) throws(SystemError) in
      try nothingOrError("bind", quoted(path)) { unsafe clinux_bind_unix(rawValue, address) }
    }
  }

  /// connect(2) to the socket at `path`, which may be longer than an address has room for.
  package func connect(to path: FilePath) throws(SystemError) {
    try withAddress(path) { (address) throws(SystemError) in
      try nothingOrError("connect", quoted(path)) { unsafe clinux_connect_unix(rawValue, address) }
    }
  }

  /// bind(2) and listen(2) at `path`.
  package func listen(at path: FilePath, backlog: Int32 = 8) throws(SystemError) {
    try bind(to: path)
    try nothingOrError("listen", quoted(path)) { Glibc.listen(rawValue, backlog) }
  }

  /// accept(2).
  package func accept() throws(SystemError) -> OwnedDescriptor {
    OwnedDescriptor(try valueOrError("accept") { clinux_accept(rawValue) })
  }

  /// One message, with up to 16 descriptors passed along (`SCM_RIGHTS`).
  package func send(_ bytes: [UInt8], descriptors: [Int32] = []) throws(SystemError) {
    try nothingOrError("send", "descriptor \(rawValue)") {
      unsafe clinux_send(rawValue, bytes, bytes.count, descriptors, Int32(descriptors.count))
    }
  }

  /// The next message, cut to `limit` bytes; nil when the other side is gone.
  package func receive(limit: Int = 64 << 10) throws(SystemError) -> SocketMessage? {
    var bytes = [UInt8](repeating: 0, count: limit)
    var descriptors = [Int32](repeating: -1, count: 16)
    var count: Int32 = 16
    let got = try valueOrError("receive", "descriptor \(rawValue)") {
      unsafe clinux_receive(rawValue, &bytes, limit, &descriptors, &count)
    }
    if got == 0, count == 0 { return nil }
    return SocketMessage(bytes: Array(bytes[..<got]), descriptors: Array(descriptors[..<Int(count)]))
  }

  /// A path of over 107 bytes does not fit `sun_path`: it is reached through its directory's descriptor.
  private func withAddress(_ path: FilePath, _ body: (String) throws(SystemError) -> Void) throws(SystemError) {
    if path.length < 108 { return try body(path.string) }
    guard let name = path.lastComponent, name.string.utf8.count < 64 else { throw SystemError("connect", path, .fileNameTooLong) }
    let directory = try openFile(path.removingLastComponent(), [.path, .directory])
    try body(directory.procPath.appending(name).string)
  }
}
