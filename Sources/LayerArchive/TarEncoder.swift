internal import Linux

/// Writes an entry's header: ustar, preceded by a pax header that holds only what ustar cannot (layer.md asks for no more than a
/// reader needs). Numeric owners only; nothing of the machine that writes.
enum TarEncoder {
  /// `entry.path` has no trailing slash; the root is the empty path. The header's bytes, a multiple of 512.
  static func header(_ entry: TarEntry) -> [UInt8] {
    var path = entry.path.bytes
    if entry.kind == .directory { path = path.isEmpty ? [dot, slash] : path + [slash] }
    var header = [UInt8](repeating: 0, count: TarHeader.blockSize)
    var records = PaxRecords()
    placePath(path, in: &header, &records)
    placeNumbers(entry, in: &header, &records)
    placeKind(entry.kind, in: &header, &records)
    for attribute in entry.attributes {
      records.add(Array("SCHILY.xattr.".utf8) + attribute.name, attribute.value)
    }
    seal(&header)
    return records.isEmpty ? header : extended(records.bytes, path) + header
  }

  private static func placePath(_ path: [UInt8], in header: inout [UInt8], _ records: inout PaxRecords) {
    if path.count <= TarHeader.name.count {
      header.replace(TarHeader.name, path)
    } else if let cut = prefixCut(path) {
      header.replace(TarHeader.prefix, path[..<cut])
      header.replace(TarHeader.name, path[(cut + 1)...])
    } else {
      records.addText("path", path)
      header.replace(TarHeader.name, path.suffix(TarHeader.name.count))
    }
  }

  /// Where the path can be cut at a slash so that both parts fit; the prefix as long as it can be.
  private static func prefixCut(_ path: [UInt8]) -> Int? {
    if path.count > TarHeader.prefix.count + 1 + TarHeader.name.count { return nil }
    // The last byte may be a directory's slash, which belongs to the name.
    var cut = min(TarHeader.prefix.count, path.count - 2)
    while cut > 0, path[cut] != slash { cut -= 1 }
    return cut > 0 && path.count - cut - 1 <= TarHeader.name.count ? cut : nil
  }

  private static func placeNumbers(_ entry: TarEntry, in header: inout [UInt8], _ records: inout PaxRecords) {
    header.replace(TarHeader.mode, octal(UInt64(entry.mode & 0o7777), 7))
    placeNumber(Int64(entry.userID), 7, "uid", in: &header, TarHeader.userID, &records)
    placeNumber(Int64(entry.groupID), 7, "gid", in: &header, TarHeader.groupID, &records)
    placeNumber(entry.size, 11, "size", in: &header, TarHeader.size, &records)
    if entry.modified.nanoseconds == 0 {
      placeNumber(entry.modified.seconds, 11, "mtime", in: &header, TarHeader.modified, &records)
    } else {
      let fits = (0..<(1 << 33)).contains(entry.modified.seconds)
      header.replace(TarHeader.modified, octal(fits ? UInt64(entry.modified.seconds) : 0, 11))
      records.addText("mtime", Array(decimal(entry.modified).utf8))
    }
  }

  private static func placeNumber(
    _ value: Int64, _ digits: Int, _ key: String, in header: inout [UInt8], _ field: Range<Int>, _ records: inout PaxRecords
  ) {
    if value >= 0, value < 1 << (3 * Int64(digits)) {
      header.replace(field, octal(UInt64(value), digits))
    } else {
      header.replace(field, octal(0, digits))
      records.addText(key, Array(String(value).utf8))
    }
  }

  private static func placeKind(_ kind: TarEntry.Kind, in header: inout [UInt8], _ records: inout PaxRecords) {
    func place(link target: BytePath) {
      header.replace(TarHeader.linkName, target.bytes.prefix(TarHeader.linkName.count))
      if target.bytes.count > TarHeader.linkName.count { records.addText("linkpath", target.bytes) }
    }
    func place(_ major: UInt32, _ minor: UInt32) {
      header.replace(TarHeader.deviceMajor, octal(UInt64(major), 7))
      header.replace(TarHeader.deviceMinor, octal(UInt64(minor), 7))
    }
    switch kind {
    case .regular: header[TarHeader.type] = UInt8(ascii: "0")
    case .hardLink(let target):
      header[TarHeader.type] = UInt8(ascii: "1")
      place(link: target)
    case .symbolicLink(let target):
      header[TarHeader.type] = UInt8(ascii: "2")
      place(link: target)
    case .characterDevice(let major, let minor):
      header[TarHeader.type] = UInt8(ascii: "3")
      place(major, minor)
    case .blockDevice(let major, let minor):
      header[TarHeader.type] = UInt8(ascii: "4")
      place(major, minor)
    case .directory: header[TarHeader.type] = UInt8(ascii: "5")
    case .fifo: header[TarHeader.type] = UInt8(ascii: "6")
    }
  }

  private static func seal(_ header: inout [UInt8]) {
    header.replace(TarHeader.magic, Array("ustar\u{0}00".utf8))
    let sum = TarHeader.sums(header[...]).unsigned
    header.replace(TarHeader.checksum, octal(UInt64(sum), 6) + [0, 32])
  }

  /// The pax header with its records, for the entry at `path`.
  private static func extended(_ records: [UInt8], _ path: [UInt8]) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: TarHeader.blockSize)
    let name = path.last == slash ? path.dropLast() : path[...]
    header.replace(TarHeader.name, Array("PaxHeaders.0/".utf8) + (name.split(separator: slash).last ?? []).prefix(80))
    header.replace(TarHeader.mode, octal(0o644, 7))
    for field in [TarHeader.userID, TarHeader.groupID] { header.replace(field, octal(0, 7)) }
    header.replace(TarHeader.size, octal(UInt64(records.count), 11))
    header.replace(TarHeader.modified, octal(0, 11))
    header[TarHeader.type] = UInt8(ascii: "x")
    seal(&header)
    return header + records + [UInt8](repeating: 0, count: Int(TarHeader.padding(Int64(records.count))))
  }
}

extension [UInt8] {
  fileprivate mutating func replace(_ field: Range<Int>, _ bytes: some Sequence<UInt8>) {
    var index = field.lowerBound
    for byte in bytes where index < field.upperBound {
      self[index] = byte
      index += 1
    }
  }
}

private func octal(_ value: UInt64, _ digits: Int) -> [UInt8] {
  var bytes = [UInt8](repeating: 48, count: digits)
  var rest = value
  for index in stride(from: digits - 1, through: 0, by: -1) {
    bytes[index] = 48 + UInt8(rest & 7)
    rest >>= 3
  }
  return bytes
}

/// Seconds as pax writes them: `-1.5` is half a second before -1.
private func decimal(_ time: Timestamp) -> String {
  var seconds = time.seconds
  var nanoseconds = Int64(time.nanoseconds)
  let negative = seconds < 0
  if negative {
    // The kernel counts nanoseconds upwards from the second below.
    seconds += 1
    nanoseconds = 1_000_000_000 - nanoseconds
  }
  var fraction = String(nanoseconds)
  fraction = String(repeating: "0", count: 9 - fraction.count) + fraction
  while fraction.last == "0" { fraction.removeLast() }
  return (negative ? "-" : "") + String(seconds.magnitude) + "." + fraction
}
