/// The 512-byte ustar header (POSIX.1-2017 pax, "ustar Interchange Format"): where its fields lie.
enum TarHeader {
  static let blockSize = 512
  static let name = 0..<100
  static let mode = 100..<108
  static let userID = 108..<116
  static let groupID = 116..<124
  static let size = 124..<136
  static let modified = 136..<148
  static let checksum = 148..<156
  static let type = 156
  static let linkName = 157..<257
  static let magic = 257..<265
  static let deviceMajor = 329..<337
  static let deviceMinor = 337..<345
  static let prefix = 345..<500

  /// The sum of all bytes with the checksum field taken as spaces; old writers summed signed bytes.
  static func sums(_ block: ArraySlice<UInt8>) -> (unsigned: Int, signed: Int) {
    var unsigned = 0
    var signed = 0
    for (index, byte) in block.enumerated() {
      let value = checksum.contains(index) ? 32 : byte
      unsigned += Int(value)
      signed += Int(Int8(bitPattern: value))
    }
    return (unsigned, signed)
  }

  /// Bytes that follow content of `size` bytes up to the next block.
  static func padding(_ size: Int64) -> Int64 { (512 - size % 512) % 512 }
}
