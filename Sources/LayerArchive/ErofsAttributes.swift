internal import Linux

/// Extended attributes as EROFS stores them behind an inode (fs/erofs/erofs_fs.h, `erofs_xattr_ibody_header` and `erofs_xattr_entry`).
struct ErofsAttributes {
  private(set) var bytes: [UInt8] = []

  /// `EROFS_XATTR_INDEX_*`. POSIX ACLs are left out: a disk's file system has its own opinion of them.
  private static let prefixes: [(index: UInt8, prefix: [UInt8])] = [
    (1, Array("user.".utf8)), (4, Array("trusted.".utf8)), (6, Array("security.".utf8)),
  ]

  static func canStore(_ attribute: ExtendedAttribute) -> Bool {
    isStored(attribute: attribute) && attribute.value.count < 65536 && attribute.name.count < 256
      && prefixes.contains { attribute.name.starts(with: $0.prefix) }
  }

  init(_ attributes: [ExtendedAttribute]) {
    if attributes.isEmpty { return }
    bytes = [UInt8](repeating: 0, count: 12)
    for attribute in attributes {
      guard let (index, prefix) = Self.prefixes.first(where: { attribute.name.starts(with: $0.prefix) }) else { continue }
      let name = attribute.name.dropFirst(prefix.count)
      bytes += [UInt8(name.count), index] + littleEndianBytes(UInt16(attribute.value.count)) + name + attribute.value
      while bytes.count % 4 != 0 { bytes.append(0) }
    }
  }

  /// `i_xattr_icount`: none is 0, else how many units of four bytes follow the header, and one.
  var count: UInt16 { bytes.isEmpty ? 0 : UInt16(truncatingIfNeeded: (bytes.count - 12) / 4 + 1) }
  var fits: Bool { (bytes.count - 12) / 4 + 1 <= Int(UInt16.max) }
}

func littleEndianBytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
  (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
}
