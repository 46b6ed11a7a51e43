internal import CLinux
internal import SystemPackage

/// A message that the kernel sent: its type and what follows the header.
package struct NetlinkReply: Sendable {
  package let type: UInt16
  package let payload: ArraySlice<UInt8>

  /// The attributes behind a fixed part of `length` bytes.
  package func attributes(after length: Int) throws(SystemError) -> NetlinkAttributes {
    try NetlinkAttributes(payload.dropFirst((length + 3) & ~3))
  }
}

/// The attributes of a message or of a nest, by type; the lengths have been checked, values are slices of the message.
package struct NetlinkAttributes: Sendable {
  /// In the message's order. The type is without the flags for nesting and byte order.
  package let all: [(type: Int, value: ArraySlice<UInt8>)]

  /// Throws EBADMSG where a length leads out of `bytes`.
  package init(_ bytes: ArraySlice<UInt8>) throws(SystemError) {
    var all: [(type: Int, value: ArraySlice<UInt8>)] = []
    var rest = bytes
    while rest.count >= 4 {
      guard let length: UInt16 = rest.integer(at: 0), let type: UInt16 = rest.integer(at: 2), length >= 4, Int(length) <= rest.count else {
        throw SystemError("netlink", "attribute", .badMessage)
      }
      let start = rest.startIndex
      all.append((Int(type & 0x3fff), rest[start + 4..<start + Int(length)]))
      rest = rest.dropFirst((Int(length) + 3) & ~3)
    }
    self.all = all
  }

  package subscript(type: some BinaryInteger) -> ArraySlice<UInt8>? { all.first { $0.type == Int(type) }?.value }

  /// An integer in host byte order; nil where it is missing or too short.
  package func integer<Value: FixedWidthInteger>(_ type: some BinaryInteger) -> Value? { self[type]?.integer(at: 0) }

  /// A string up to its terminating zero.
  package func text(_ type: some BinaryInteger) -> String? {
    self[type].map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  package func nested(_ type: some BinaryInteger) throws(SystemError) -> NetlinkAttributes? {
    guard let value = self[type] else { return nil }
    return try NetlinkAttributes(value)
  }
}

extension ArraySlice<UInt8> {
  /// The integer in host byte order `offset` bytes from the start; nil where it does not lie inside.
  package func integer<Value: FixedWidthInteger>(at offset: Int) -> Value? {
    let size = MemoryLayout<Value>.size
    guard offset >= 0, offset + size <= count else { return nil }
    var value: Value = 0
    unsafe Swift.withUnsafeMutableBytes(of: &value) { target in
      for index in 0..<size { unsafe target[index] = self[startIndex + offset + index] }
    }
    return value
  }
}
