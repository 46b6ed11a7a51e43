internal import Glibc

extension OwnedDescriptor {
  /// Makes `content` the whole content of this file, in place: for a file that is mounted elsewhere, whose inode must stay. A reader may
  /// see a part; the content is never shorter than the shorter of the two.
  package func rewrite(_ content: [UInt8]) throws(SystemError) {
    var offset = 0
    while offset < content.count {
      offset += try valueOrError("write", "descriptor \(rawValue)") {
        unsafe content.span.extracting(offset..<content.count).bytes.withUnsafeBytes { bytes in
          unsafe pwrite(rawValue, bytes.baseAddress, bytes.count, off_t(offset))
        }
      }
    }
    try nothingOrError("ftruncate", "descriptor \(rawValue)") { ftruncate(rawValue, off_t(content.count)) }
  }
}
