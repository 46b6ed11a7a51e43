internal import Glibc

/// Reads an IPv6 address (RFC 4291, section 2.2): 16 bytes, most significant first; nil for what is none. A zone is refused.
package func ipv6Address(parsing text: String) -> [UInt8]? {
  var bytes = [UInt8](repeating: 0, count: 16)
  return unsafe inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
}

/// The shortest form of an IPv6 address, as RFC 5952 has it.
package func ipv6Text(_ bytes: [UInt8]) -> String {
  precondition(bytes.count == 16)
  var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
  _ = unsafe inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count))
  return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// An address and port of either family as the kernel takes it: `struct sockaddr_in` or `sockaddr_in6`, by the address' length.
package struct SocketAddress: Hashable, Sendable {
  let bytes: [UInt8]

  /// - Parameter address: 4 or 16 bytes, most significant first.
  package init(_ address: [UInt8], port: UInt16) {
    let number = [UInt8(port >> 8), UInt8(port & 0xff)]
    let family = address.count == 4 ? AF_INET : AF_INET6
    let start = unsafe withUnsafeBytes(of: UInt16(family)) { unsafe Array($0) } + number
    bytes = start + (address.count == 4 ? address + [UInt8](repeating: 0, count: 8) : [0, 0, 0, 0] + address + [0, 0, 0, 0])
  }

  init(bytes: [UInt8]) { self.bytes = bytes }

  var family: Int32 { bytes.count == 16 ? AF_INET : AF_INET6 }

  /// The address alone.
  package var address: [UInt8] { bytes.count == 16 ? Array(bytes[4..<8]) : Array(bytes[8..<24]) }

  func withPointer<Value>(_ body: (UnsafePointer<sockaddr>?, socklen_t) -> Value) -> Value {
    unsafe bytes.withUnsafeBytes { raw in
      unsafe body(raw.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(raw.count))
    }
  }
}
