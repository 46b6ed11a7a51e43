internal import Linux

/// What extended headers say of the entry that follows.
struct TarExtensions {
  var path: [UInt8]?
  var linkPath: [UInt8]?
  var size: Int64?
  var userID: Int64?
  var groupID: Int64?
  var modified: Timestamp?
  var attributes: [ExtendedAttribute] = []
  var sparse = PaxSparse()

  /// Takes a pax header's records over. Unknown keys are comments to us; an empty value undoes a key (POSIX.1-2017 pax).
  mutating func apply(_ records: [(key: [UInt8], value: [UInt8])]) throws(LayerError) {
    for (key, value) in records {
      let text = String(decoding: key, as: UTF8.self)
      switch text {
      case "path": path = value.isEmpty ? nil : value
      case "linkpath": linkPath = value.isEmpty ? nil : value
      case "size": size = try number(text, value)
      case "uid": userID = try number(text, value)
      case "gid": groupID = try number(text, value)
      case "mtime": modified = try time(value)
      case _ where text.hasPrefix("GNU.sparse."): try sparse.apply(text, value)
      case _ where text.hasPrefix("SCHILY.xattr."):
        let name = Array(key.dropFirst("SCHILY.xattr.".utf8.count))
        attributes.removeAll { $0.name == name }
        attributes.append(ExtendedAttribute(name: name, value: value))
      default: break
      }
    }
  }

  private func number(_ key: String, _ value: [UInt8]) throws(LayerError) -> Int64? {
    if value.isEmpty { return nil }
    guard let number = paxInteger(value) else { throw LayerError(nil, .malformed("pax: '\(key)' is not a number")) }
    return number
  }

  private func time(_ value: [UInt8]) throws(LayerError) -> Timestamp? {
    if value.isEmpty { return nil }
    guard let time = paxTime(value) else { throw LayerError(nil, .malformed("pax: 'mtime' is not a time")) }
    return time
  }
}

/// One 512-byte header, checked and taken apart, before extended headers have their say.
struct TarHeaderDecoder {
  let block: [UInt8]
  let type: UInt8
  /// Bytes that follow in the archive.
  let size: Int64

  /// Throws where the checksum is wrong or the size is none.
  init(_ block: [UInt8], at position: Int64) throws(LayerError) {
    self.block = block
    type = block[TarHeader.type]
    let sums = TarHeader.sums(block[...])
    guard let sum = tarNumber(block[TarHeader.checksum]), sum == sums.unsigned || sum == sums.signed else {
      throw LayerError(nil, .malformed("not a tar header at byte \(position): its checksum is wrong"))
    }
    guard let size = tarNumber(block[TarHeader.size]), size >= 0 else {
      throw LayerError(BytePath(TarHeaderDecoder.path(block)), .malformed("its size is not a number of bytes"))
    }
    self.size = size
  }

  /// GNU's own magic, `ustar` and two blanks: the prefix field holds other things.
  var isGNU: Bool { block[TarHeader.magic].elementsEqual("ustar  \u{0}".utf8) }
  var path: [UInt8] { TarHeaderDecoder.path(block) }
  var linkPath: [UInt8] { Array(block[TarHeader.linkName].prefix { $0 != 0 }) }

  private static func path(_ block: [UInt8]) -> [UInt8] {
    let name = block[TarHeader.name].prefix { $0 != 0 }
    guard block[TarHeader.magic].prefix(6).elementsEqual("ustar\u{0}".utf8) else { return Array(name) }
    let prefix = block[TarHeader.prefix].prefix { $0 != 0 }
    return prefix.isEmpty ? Array(name) : prefix + [slash] + name
  }

  /// The entry, with what the extended headers override.
  func entry(_ extensions: TarExtensions) throws(LayerError) -> TarEntry {
    let path = BytePath(extensions.sparse.name ?? extensions.path ?? path)
    let kind = try kind(path, BytePath(extensions.linkPath ?? linkPath))
    guard let mode = tarNumber(block[TarHeader.mode]) else { throw LayerError(path, .malformed("its mode is not a number")) }
    guard let seconds = tarNumber(block[TarHeader.modified]) else { throw LayerError(path, .malformed("its time is not a number")) }
    return TarEntry(
      path, kind, mode: UInt32(truncatingIfNeeded: mode) & 0o7777,
      userID: try owner(extensions.userID, TarHeader.userID, "user", path),
      groupID: try owner(extensions.groupID, TarHeader.groupID, "group", path),
      size: kind == .regular ? extensions.size ?? size : 0, modified: extensions.modified ?? Timestamp(seconds: seconds),
      attributes: extensions.attributes)
  }

  private func owner(_ extended: Int64?, _ field: Range<Int>, _ what: String, _ path: BytePath) throws(LayerError) -> UInt32 {
    guard let value = extended ?? tarNumber(block[field]) else { throw LayerError(path, .malformed("its \(what) is not a number")) }
    // The kernel's "no change" is no owner.
    guard value >= 0, value < UInt32.max else { throw LayerError(path, .malformed("its \(what) \(value) is out of range")) }
    return UInt32(value)
  }

  private func kind(_ path: BytePath, _ target: BytePath) throws(LayerError) -> TarEntry.Kind {
    switch type {
    case 0, UInt8(ascii: "0"), UInt8(ascii: "7"), UInt8(ascii: "S"):
      // Before ustar a directory was a file whose name ends in a slash.
      return path.bytes.last == slash && type != UInt8(ascii: "S") ? .directory : .regular
    case UInt8(ascii: "1"): return .hardLink(target)
    case UInt8(ascii: "2"): return .symbolicLink(target)
    case UInt8(ascii: "3"):
      return try .characterDevice(major: device(TarHeader.deviceMajor, path), minor: device(TarHeader.deviceMinor, path))
    case UInt8(ascii: "4"): return try .blockDevice(major: device(TarHeader.deviceMajor, path), minor: device(TarHeader.deviceMinor, path))
    case UInt8(ascii: "5"): return .directory
    case UInt8(ascii: "6"): return .fifo
    default: throw LayerError(path, .refused("an entry of the unknown kind '\(BytePath([type]))'"))
    }
  }

  private func device(_ field: Range<Int>, _ path: BytePath) throws(LayerError) -> UInt32 {
    guard let number = tarNumber(block[field]), (0...0xfffff).contains(number) else {
      throw LayerError(path, .malformed("its device number is out of range"))
    }
    return UInt32(number)
  }
}
