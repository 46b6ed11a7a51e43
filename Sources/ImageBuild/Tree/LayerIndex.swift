internal import LayerArchive
internal import Linux

/// The paths of one layer and their metadata, whiteouts as they are named in the archive. Kept as the bytes of its file in the cache, in
/// which a path is found by bisection: a layer of 100,000 files takes some megabytes.
///
/// The file: `toteidx1`, the number of records, the offset of each in the order of the paths' bytes, the records. Numbers are
/// little-endian; what a record cannot be is found when it is read, and the index made again.
struct LayerIndex: Sendable {
  private static let magic: [UInt8] = Array("toteidx1".utf8)
  private static let headerSize = 16

  private let bytes: [UInt8]
  let count: Int

  /// Takes the content of an index file; nil where it is none.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= Self.headerSize, bytes.starts(with: Self.magic) else { return nil }
    var reader = ByteReader(bytes, at: 8)
    guard let count = reader.integer(UInt64.self), count <= UInt64((bytes.count - Self.headerSize) / 8) else { return nil }
    self.bytes = bytes
    self.count = Int(count)
  }

  /// What is written to the cache.
  var content: [UInt8] { bytes }

  /// The entry at a normal path, none for what the layer does not name.
  subscript(path: BytePath) -> IndexedEntry? {
    let position = lowerBound(path.bytes)
    guard position < count, var reader = record(position), let found = reader.field(), found.elementsEqual(path.bytes) else { return nil }
    return reader.entry()
  }

  /// Whether the layer names anything below the path, or the path itself.
  func hasEntries(below path: BytePath) -> Bool {
    if path.isEmpty { return count > 0 }
    let prefix = path.bytes + [UInt8(ascii: "/")]
    let position = lowerBound(prefix)
    guard position < count, var reader = record(position), let found = reader.field() else { return false }
    return found.starts(with: prefix)
  }

  private func record(_ position: Int) -> ByteReader? {
    var table = ByteReader(bytes, at: Self.headerSize + 8 * position)
    guard let offset = table.integer(UInt64.self), offset < UInt64(bytes.count) else { return nil }
    return ByteReader(bytes, at: Int(offset))
  }

  /// The first record whose path is not before `path`.
  private func lowerBound(_ path: [UInt8]) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if var reader = record(middle), let found = reader.field(), found.lexicographicallyPrecedes(path) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}

/// Gathers an index while a layer is written or read.
struct LayerIndexBuilder {
  private var records: [UInt8] = []
  private var offsets: [Int] = []

  /// A path that comes twice counts as it is the last time.
  mutating func add(_ entry: TarEntry) {
    guard let path = entry.path.normalized else { return }
    offsets.append(records.count)
    let indexed = IndexedEntry(entry)
    append(field: path.bytes)
    records.append(indexed.kind.rawValue)
    for number in [indexed.mode, indexed.userID, indexed.groupID] { append(number) }
    append(UInt64(bitPattern: indexed.modified.seconds))
    append(field: indexed.link)
    append(UInt32(indexed.attributes.count))
    for attribute in indexed.attributes {
      append(field: attribute.name)
      append(field: attribute.value)
    }
  }

  func finish() -> LayerIndex? {
    func path(_ offset: Int) -> ArraySlice<UInt8> {
      var reader = ByteReader(records, at: offset)
      return reader.field() ?? []
    }
    let sorted = offsets.enumerated().sorted { a, b in
      let (x, y) = (path(a.element), path(b.element))
      return x.elementsEqual(y) ? a.offset < b.offset : x.lexicographicallyPrecedes(y)
    }
    var kept: [Int] = []
    for (position, element) in sorted.enumerated() {
      if position + 1 < sorted.count, path(sorted[position + 1].element).elementsEqual(path(element.element)) { continue }
      kept.append(element.element)
    }
    var file = LayerIndexBuilder()
    file.records = Array("toteidx1".utf8)
    file.append(UInt64(kept.count))
    let start = 16 + 8 * kept.count
    for offset in kept { file.append(UInt64(start + offset)) }
    return LayerIndex(file.records + records)
  }

  private mutating func append(field: [UInt8]) {
    append(UInt32(field.count))
    records += field
  }

  private mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    for shift in stride(from: 0, to: Number.bitWidth, by: 8) { records.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }
}

/// Reads an index's numbers and fields, never past its end.
struct ByteReader {
  private let bytes: [UInt8]
  private var position: Int

  init(_ bytes: [UInt8], at position: Int) {
    self.bytes = bytes
    self.position = position
  }

  mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
    let size = Number.bitWidth / 8
    guard position + size <= bytes.count else { return nil }
    var number: Number = 0
    for index in 0..<size { number |= Number(truncatingIfNeeded: bytes[position + index]) << (8 * index) }
    position += size
    return number
  }

  mutating func field() -> ArraySlice<UInt8>? {
    guard let count = integer(UInt32.self), Int(count) <= bytes.count - position else { return nil }
    defer { position += Int(count) }
    return bytes[position..<position + Int(count)]
  }

  /// What follows a record's path.
  mutating func entry() -> IndexedEntry? {
    guard let kind = integer(UInt8.self).flatMap(IndexedEntry.Kind.init), let mode = integer(UInt32.self),
      let userID = integer(UInt32.self), let groupID = integer(UInt32.self), let seconds = integer(UInt64.self), let link = field(),
      let attributeCount = integer(UInt32.self)
    else { return nil }
    var entry = IndexedEntry(
      directoryMode: mode, userID: userID, groupID: groupID, modified: Timestamp(seconds: Int64(bitPattern: seconds)))
    entry.kind = kind
    entry.link = Array(link)
    for _ in 0..<attributeCount {
      guard let name = field(), let value = field() else { return nil }
      entry.attributes.append(ExtendedAttribute(name: Array(name), value: Array(value)))
    }
    return entry
  }
}
