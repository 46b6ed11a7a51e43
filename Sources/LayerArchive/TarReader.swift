internal import Linux

/// Reads a tar stream entry by entry: ustar, pax, GNU's long names, numbers and sparse files, and what came before them.
///
/// Reads no further than it must; nothing that the archive says makes it hold more than ``LayerLimits`` allow. Not for several
/// threads at once.
package final class TarReader {
  /// A piece of a file's content: where it belongs in the file, and the bytes, valid until the reader is used again.
  @safe
  package struct Content {
    package let offset: Int64
    package let bytes: UnsafeRawBufferPointer
  }

  private let buffer: ReadBuffer
  private let limits: LayerLimits
  private var current: BytePath?
  /// Bytes of the current entry in the archive that have not been read, and of padding after them.
  private var left: Int64 = 0
  private var padding: Int64 = 0
  private var sparse: SparseMap?
  private var rangeIndex = 0
  /// Where in the file, or in the current sparse range, the next byte belongs.
  private var offset: Int64 = 0
  private var globals = TarExtensions()
  private var total: Int64 = 0
  /// Entries read so far.
  package private(set) var count = 0

  package init(_ source: any ByteSource, limits: LayerLimits = LayerLimits()) {
    buffer = ReadBuffer(source)
    self.limits = limits
  }

  /// The next entry; nil at the end of the archive. What was not read of the last one's content is passed over.
  package func next() throws(LayerError) -> TarEntry? {
    try skipContent()
    var extensions = globals
    var hasExtensions = false
    while let header = try nextHeader() {
      switch header.type {
      case UInt8(ascii: "x"): try extensions.apply(try paxRecords(header))
      case UInt8(ascii: "g"):
        try applyGlobals(try paxRecords(header))
        if !hasExtensions { extensions = globals }
        continue
      case UInt8(ascii: "L"): extensions.path = try longName(header)
      case UInt8(ascii: "K"): extensions.linkPath = try longName(header)
      default: return try begin(header, extensions)
      }
      hasExtensions = true
    }
    if hasExtensions { throw LayerError(nil, .malformed("the archive ends after an extended header")) }
    current = nil
    return nil
  }

  /// Where in the archive the current entry's content begins; nil where it is a sparse file's, which is in pieces. To be asked before
  /// the content is read.
  var contentPosition: Int64? { sparse == nil ? buffer.position : nil }

  /// The next piece of the current entry's content; nil at its end. Holes are not among the pieces.
  package func nextContent() throws(LayerError) -> Content? {
    if let sparse {
      while rangeIndex < sparse.ranges.count, offset == sparse.ranges[rangeIndex].count {
        rangeIndex += 1
        offset = 0
      }
      if rangeIndex == sparse.ranges.count { return nil }
      let range = sparse.ranges[rangeIndex]
      let bytes = try unsafe stored(upTo: range.count - offset)
      defer { offset += Int64(bytes.count) }
      return unsafe Content(offset: range.offset + offset, bytes: bytes)
    }
    if left == 0 { return nil }
    let bytes = try unsafe stored(upTo: left)
    defer { offset += Int64(bytes.count) }
    return unsafe Content(offset: offset, bytes: bytes)
  }

  private func stored(upTo count: Int64) throws(LayerError) -> UnsafeRawBufferPointer {
    let bytes = try unsafe buffer.take(upTo: min(count, left))
    if unsafe bytes.isEmpty { throw truncated() }
    left -= Int64(bytes.count)
    return unsafe bytes
  }

  private func skipContent() throws(LayerError) {
    if try buffer.skip(left + padding) != left + padding { throw truncated() }
    left = 0
    padding = 0
    sparse = nil
  }

  private func truncated() -> LayerError { LayerError(current, .malformed("the archive ends in the middle of this entry")) }

  /// The next header; nil at two blocks of zeros, one at the very end, or the plain end of the stream.
  private func nextHeader() throws(LayerError) -> TarHeaderDecoder? {
    let position = buffer.position
    let block = try buffer.bytes(TarHeader.blockSize)
    if block.isEmpty {
      if position == 0 { throw LayerError(nil, .malformed("the archive is empty")) }
      return nil
    }
    if block.count < TarHeader.blockSize {
      throw LayerError(nil, .malformed("the archive ends in the middle of a header at byte \(position)"))
    }
    if block.allSatisfy({ $0 == 0 }) { return nil }
    return try TarHeaderDecoder(block, at: position)
  }

  private func begin(_ header: TarHeaderDecoder, _ extensions: TarExtensions) throws(LayerError) -> TarEntry {
    count += 1
    if count > limits.entries { throw LayerError(nil, .limit("more than \(limits.entries) entries")) }
    var entry = try header.entry(extensions)
    try checkNames(entry)
    current = entry.path
    offset = 0
    rangeIndex = 0
    guard entry.kind == .regular else {
      // A GNU tar or a cpio may say a size here all the same; no content follows (as every reader of layers takes it).
      return entry
    }
    left = entry.size
    padding = TarHeader.padding(left)
    if left > limits.uncompressedSize { throw LayerError(entry.path, .limit("its size of \(left) bytes is too large")) }
    if header.type == UInt8(ascii: "S") {
      sparse = try oldSparseMap(header, entry)
    } else if extensions.sparse.isPresent {
      sparse = try paxSparseMap(extensions.sparse, entry)
    }
    if let sparse { entry.size = sparse.size }
    total += min(entry.size, limits.uncompressedSize)
    if entry.size > limits.uncompressedSize || total > limits.uncompressedSize {
      throw LayerError(entry.path, .limit("the files are larger than \(limits.uncompressedSize) bytes together"))
    }
    return entry
  }

  private func checkNames(_ entry: TarEntry) throws(LayerError) {
    var names = [entry.path]
    switch entry.kind {
    case .hardLink(let target), .symbolicLink(let target): names.append(target)
    default: break
    }
    for name in names where name.bytes.count > limits.nameLength {
      throw LayerError(BytePath(Array(name.bytes.prefix(60))), .limit("a name of \(name.bytes.count) bytes"))
    }
  }

  private func extendedContent(_ header: TarHeaderDecoder) throws(LayerError) -> [UInt8] {
    if header.size > Int64(limits.extendedHeaderSize) {
      throw LayerError(nil, .limit("an extended header of \(header.size) bytes"))
    }
    let content = try buffer.bytes(Int(header.size))
    let padding = TarHeader.padding(header.size)
    if content.count < Int(header.size) { throw LayerError(nil, .malformed("the archive ends in an extended header")) }
    if try buffer.skip(padding) != padding { throw LayerError(nil, .malformed("the archive ends in an extended header")) }
    return content
  }

  private func paxRecords(_ header: TarHeaderDecoder) throws(LayerError) -> [(key: [UInt8], value: [UInt8])] {
    guard let records = PaxRecords.parse(try extendedContent(header)) else {
      throw LayerError(nil, .malformed("a pax header that is not a list of records"))
    }
    return records
  }

  private func longName(_ header: TarHeaderDecoder) throws(LayerError) -> [UInt8] {
    Array(try extendedContent(header).prefix { $0 != 0 })
  }

  /// Of a global header only owner and time are taken: a path or size for all entries makes no sense.
  private func applyGlobals(_ records: [(key: [UInt8], value: [UInt8])]) throws(LayerError) {
    try globals.apply(
      records.filter { record in ["uid", "gid", "mtime"].contains { record.key.elementsEqual($0.utf8) } })
  }

  /// The map of GNU's old format: four ranges in the header, then blocks of 21.
  private func oldSparseMap(_ header: TarHeaderDecoder, _ entry: TarEntry) throws(LayerError) -> SparseMap {
    var ranges: [SparseMap.Range] = []
    try appendRanges(header.block[386..<482], to: &ranges, entry.path)
    var isExtended = header.block[482] != 0
    while isExtended {
      let block = try buffer.bytes(TarHeader.blockSize)
      if block.count < TarHeader.blockSize { throw truncated() }
      try appendRanges(block[..<504], to: &ranges, entry.path)
      isExtended = block[504] != 0
    }
    guard let size = tarNumber(header.block[483..<495]), size >= 0 else {
      throw LayerError(entry.path, .malformed("its sparse size is not a number"))
    }
    return try SparseMap(ranges, size: size, stored: left, entry.path)
  }

  private func appendRanges(
    _ bytes: ArraySlice<UInt8>, to ranges: inout [SparseMap.Range], _ path: BytePath
  ) throws(LayerError) {
    for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 24) where bytes[start] != 0 {
      guard let offset = tarNumber(bytes[start..<(start + 12)]), let count = tarNumber(bytes[(start + 12)..<(start + 24)]) else {
        throw LayerError(path, .malformed("its sparse map is not numbers"))
      }
      ranges.append(SparseMap.Range(offset: offset, count: count))
    }
    if ranges.count > limits.sparseRanges { throw LayerError(path, .limit("more than \(limits.sparseRanges) sparse ranges")) }
  }

  private func paxSparseMap(_ sparse: PaxSparse, _ entry: TarEntry) throws(LayerError) -> SparseMap {
    guard let size = sparse.size else { throw LayerError(entry.path, .malformed("a sparse file without size")) }
    var ranges = sparse.ranges
    if sparse.isVersion1 {
      let before = left
      let count = try decimalLine(entry.path)
      if count > Int64(limits.sparseRanges) { throw LayerError(entry.path, .limit("more than \(limits.sparseRanges) sparse ranges")) }
      ranges = []
      for _ in 0..<count { ranges.append(SparseMap.Range(offset: try decimalLine(entry.path), count: try decimalLine(entry.path))) }
      let rest = TarHeader.padding(before - left)
      if rest > left { throw LayerError(entry.path, .malformed("its sparse map does not fit its content")) }
      if try buffer.skip(rest) != rest { throw truncated() }
      left -= rest
    }
    return try SparseMap(ranges, size: size, stored: left, entry.path)
  }

  /// One number of the map that stands at the start of the content.
  private func decimalLine(_ path: BytePath) throws(LayerError) -> Int64 {
    var digits: [UInt8] = []
    while digits.count < 20 {
      let byte = try unsafe Array(stored(upTo: 1))
      if byte == [10] { break }
      digits += byte
    }
    guard let number = paxInteger(digits), number >= 0 else { throw LayerError(path, .malformed("its sparse map is not numbers")) }
    return number
  }
}
