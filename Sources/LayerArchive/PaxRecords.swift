/// The records of a pax extended header: `length key=value\n` each, the length counting itself (POSIX.1-2017 pax).
struct PaxRecords {
  private(set) var bytes: [UInt8] = []
  private var isBinary = false

  var isEmpty: Bool { bytes.isEmpty }

  /// A record whose value is text by POSIX; other bytes are announced by `hdrcharset` first.
  mutating func addText(_ key: String, _ value: [UInt8]) {
    if !isBinary, String(validating: value, as: UTF8.self) == nil {
      isBinary = true
      add(Array("hdrcharset".utf8), Array("BINARY".utf8))
    }
    add(Array(key.utf8), value)
  }

  mutating func add(_ key: [UInt8], _ value: [UInt8]) {
    let rest = key.count + value.count + 3
    var length = rest + String(rest).utf8.count
    if String(length).utf8.count > String(rest).utf8.count { length = rest + String(length).utf8.count }
    bytes += Array(String(length).utf8) + [32] + key + [61] + value + [10]
  }

  /// Takes an extended header apart. Nil where it is malformed: a length of 0, past the end, or without `=` and newline.
  static func parse(_ bytes: [UInt8]) -> [(key: [UInt8], value: [UInt8])]? {
    var records: [(key: [UInt8], value: [UInt8])] = []
    var position = 0
    while position < bytes.count {
      // Some writers fill the rest of the block with NULs.
      if bytes[position] == 0 { return bytes[position...].allSatisfy { $0 == 0 } ? records : nil }
      guard let space = bytes[position...].prefix(20).firstIndex(of: 32),
        let length = Int(String(decoding: bytes[position..<space], as: UTF8.self)), bytes[position] != 43,
        length > space - position + 1, length <= bytes.count - position, bytes[position + length - 1] == 10
      else { return nil }
      let record = bytes[(space + 1)..<(position + length - 1)]
      guard let equals = record.firstIndex(of: 61), equals > record.startIndex else { return nil }
      records.append((Array(record[..<equals]), Array(record[(equals + 1)...])))
      position += length
    }
    return records
  }
}
