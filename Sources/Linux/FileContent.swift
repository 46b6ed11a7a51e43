internal import Glibc
internal import SystemPackage

extension OwnedDescriptor {
  /// pwrite(2) until every byte is written at `offset`.
  package func writeAll(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(SystemError) {
    var rest = unsafe bytes
    var offset = offset
    while unsafe !rest.isEmpty {
      let count = try valueOrError("write", "descriptor \(rawValue)") {
        unsafe pwrite(rawValue, rest.baseAddress, rest.count, off_t(offset))
      }
      offset += Int64(count)
      unsafe rest = unsafe UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// ftruncate(2): what is added reads as zeros and takes no room.
  package func setSize(_ size: Int64) throws(SystemError) {
    try nothingOrError("truncate", "descriptor \(rawValue)") { ftruncate(rawValue, off_t(size)) }
  }
}

/// read(2) from a descriptor that somebody else owns; 0 at the end.
package func readBytes(from descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
  try valueOrError("read", "descriptor \(descriptor)") { unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
}
