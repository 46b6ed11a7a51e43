internal import CLinux
internal import Glibc
internal import SystemPackage

/// The transport protocols that ports are published for, by their number in an IP header.
private func socketType(_ transport: UInt8) -> Int32 {
  let type = transport == 6 ? SOCK_STREAM : transport == 17 ? SOCK_DGRAM : SOCK_SEQPACKET
  return Int32(type.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
}

/// Takes a port of this namespace: a socket bound to it, and for TCP listening, since two that do not may share a port. Non-blocking.
///
/// - Parameters:
///   - transport: the protocol's number: 6 TCP, 17 UDP, 132 SCTP.
///   - isShared: whether others that say so as well may take it too (`SO_REUSEPORT`).
/// - Returns: nil where another socket has the port.
/// - Throws: EADDRNOTAVAIL where the address is none of this host's; EAFNOSUPPORT, EPROTONOSUPPORT where the kernel does without.
package func bindPort(transport: UInt8, _ address: SocketAddress, isShared: Bool) throws(SystemError) -> OwnedDescriptor? {
  let bound = OwnedDescriptor(
    try valueOrError("socket", "protocol \(transport)") { socket(address.family, socketType(transport), Int32(transport)) })
  let descriptor = bound.rawValue
  func set(_ level: Int32, _ option: Int32) throws(SystemError) {
    var one: Int32 = 1
    try nothingOrError("setsockopt", "descriptor \(descriptor)") { unsafe setsockopt(descriptor, level, option, &one, 4) }
  }
  if address.family == AF_INET6 { try set(Int32(IPPROTO_IPV6), IPV6_V6ONLY) }
  if isShared { try set(SOL_SOCKET, SO_REUSEPORT) }
  // Connections that wait out their end (TIME_WAIT) do not count; a listener does.
  if transport == 6 { try set(SOL_SOCKET, SO_REUSEADDR) }
  do {
    try nothingOrError("bind", "descriptor \(descriptor)") { unsafe address.withPointer { unsafe bind(descriptor, $0, $1) } }
    if transport == 6 { try nothingOrError("listen", "descriptor \(descriptor)") { listen(descriptor, SOMAXCONN) } }
  } catch {
    if error.errno == .addressInUse { return nil }
    throw error
  }
  return bound
}

/// Begins to connect, without waiting for the other side; for UDP, says where packets go and come from.
package func beginConnection(transport: UInt8, to address: SocketAddress) throws(SystemError) -> OwnedDescriptor {
  let descriptor = OwnedDescriptor(
    try valueOrError("socket", "protocol \(transport)") { socket(address.family, socketType(transport), Int32(transport)) })
  do {
    try nothingOrError("connect", "descriptor \(descriptor.rawValue)") {
      unsafe address.withPointer { unsafe connect(descriptor.rawValue, $0, $1) }
    }
  } catch {
    if error.errno != .nowInProgress { throw error }
  }
  return descriptor
}

extension OwnedDescriptor {
  /// The next connection of a listening socket, non-blocking, and whose it is; nil where none waits.
  package func acceptConnection() throws(SystemError) -> (descriptor: Int32, peer: SocketAddress)? {
    var bytes = [UInt8](repeating: 0, count: 28)
    var length = UInt32(bytes.count)
    do {
      let accepted = try valueOrError("accept", "descriptor \(rawValue)") { unsafe clinux_accept_peer(rawValue, &bytes, &length) }
      return (accepted, SocketAddress(bytes: Array(bytes.prefix(length == 16 ? 16 : 28))))
    } catch  where error.errno == .resourceTemporarilyUnavailable || error.errno == .connectionAbort {
      return nil
    }
  }

  /// No more is written to a connection: its peer reads an end.
  package func endWriting() throws(SystemError) {
    do { try nothingOrError("shutdown", "descriptor \(rawValue)") { shutdown(rawValue, Int32(SHUT_WR)) } } catch {
      if error.errno != .socketNotConnected { throw error }
    }
  }

  /// Lets the kernel find out about a peer that has gone without a word.
  package func keepAlive() throws(SystemError) {
    var one: Int32 = 1
    try nothingOrError("setsockopt", "descriptor \(rawValue)") { unsafe setsockopt(rawValue, SOL_SOCKET, SO_KEEPALIVE, &one, 4) }
  }

  /// The next datagram and whose it is; nil where none waits. An error that an earlier one met with (ICMP) counts as none.
  package func receiveDatagram() throws(SystemError) -> (bytes: [UInt8], peer: SocketAddress)? {
    var content = [UInt8](repeating: 0, count: 65_536)
    var name = [UInt8](repeating: 0, count: 28)
    var length = socklen_t(name.count)
    do {
      let count = try valueOrError("recvfrom", "descriptor \(rawValue)") {
        unsafe name.withUnsafeMutableBytes { raw in
          unsafe recvfrom(rawValue, &content, content.count, 0, raw.assumingMemoryBound(to: sockaddr.self).baseAddress, &length)
        }
      }
      return (Array(content.prefix(count)), SocketAddress(bytes: Array(name.prefix(length == 16 ? 16 : 28))))
    } catch  where error.errno == .resourceTemporarilyUnavailable || error.errno == .connectionRefused {
      return nil
    }
  }

  /// Sends one datagram, to `peer` or where the socket is connected to. One that cannot be sent is lost, as datagrams may be.
  package func sendDatagram(_ bytes: [UInt8], to peer: SocketAddress? = nil) {
    guard let peer else {
      _ = unsafe Glibc.send(rawValue, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      return
    }
    _ = unsafe peer.withPointer { unsafe sendto(rawValue, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, $1) }
  }
}
