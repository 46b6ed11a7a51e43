internal import CLinux
internal import Glibc
internal import SystemPackage

/// Whether a port of this namespace is free: asked by binding a socket to it, for a moment.
///
/// - Parameters:
///   - transport: the protocol's number: 6 TCP, 17 UDP, 132 SCTP.
///   - address: an IPv4 address in host byte order; 0 for every one.
/// - Returns: false where another socket has it.
/// - Throws: EADDRNOTAVAIL where the address is none of this host's.
package func isPortFree(transport: UInt8, address: UInt32, port: UInt16) throws(SystemError) -> Bool {
  let type = transport == 6 ? SOCK_STREAM : transport == 17 ? SOCK_DGRAM : SOCK_SEQPACKET
  let raw = socket(AF_INET, Int32(type.rawValue | SOCK_CLOEXEC.rawValue), Int32(transport))
  // A kernel without SCTP has nobody who listens on one.
  if raw < 0, Glibc.errno == EPROTONOSUPPORT || Glibc.errno == ESOCKTNOSUPPORT { return true }
  let probe = OwnedDescriptor(try valueOrError("socket", "port \(port)") { raw })
  let descriptor = probe.rawValue
  if transport == 6 {
    // Connections that wait out their end (TIME_WAIT) do not count; a listener does.
    var one: Int32 = 1
    try nothingOrError("setsockopt", "port \(port)") { unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, 4) }
  }
  var name = sockaddr_in()
  name.sin_family = sa_family_t(AF_INET)
  name.sin_addr.s_addr = address.bigEndian
  name.sin_port = port.bigEndian
  do {
    try nothingOrError("bind", "port \(port)") {
      unsafe withUnsafePointer(to: &name) { name in
        unsafe name.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
          unsafe bind(descriptor, name, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
  } catch {
    if error.errno == .addressInUse { return false }
    throw error
  }
  return true
}
