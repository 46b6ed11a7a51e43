/// The ranges of a sparse file that have data in the archive, in ascending order.
struct SparseMap {
  struct Range {
    let offset: Int64
    let count: Int64
  }

  let ranges: [Range]
  /// Bytes of the file, holes counted.
  let size: Int64

  /// Checks that the ranges ascend, stay inside the file and are as long together as the content stored.
  init(_ ranges: [Range], size: Int64, stored: Int64, _ path: BytePath) throws(LayerError) {
    var end: Int64 = 0
    var total: Int64 = 0
    for range in ranges {
      guard range.offset >= end, range.count >= 0, range.offset <= size, range.count <= size - range.offset else {
        throw LayerError(path, .malformed("its sparse map does not ascend inside the file"))
      }
      end = range.offset + range.count
      total += range.count
    }
    guard size >= 0, total == stored else { throw LayerError(path, .malformed("its sparse map does not fit its content")) }
    self.ranges = ranges
    self.size = size
  }
}

/// GNU's sparse files in pax headers, versions 0.0, 0.1 and 1.0 (GNU tar manual, "Sparse Formats").
struct PaxSparse {
  private(set) var name: [UInt8]?
  private(set) var size: Int64?
  private(set) var ranges: [SparseMap.Range] = []
  private var major: Int64 = 0
  private var offset: Int64?

  /// The map stands at the start of the content.
  var isVersion1: Bool { major == 1 }
  var isPresent: Bool { size != nil }

  mutating func apply(_ key: String, _ value: [UInt8]) throws(LayerError) {
    switch key {
    case "GNU.sparse.name": name = value
    case "GNU.sparse.size", "GNU.sparse.realsize": size = try number(value)
    case "GNU.sparse.major":
      major = try number(value)
      if major > 1 { throw LayerError(nil, .refused("a sparse file of version \(major)")) }
    case "GNU.sparse.offset": offset = try number(value)
    case "GNU.sparse.numbytes":
      guard let start = offset else { throw LayerError(nil, .malformed("pax: a sparse range without offset")) }
      ranges.append(SparseMap.Range(offset: start, count: try number(value)))
      offset = nil
    case "GNU.sparse.map": try parseMap(value)
    default: break
    }
  }

  private mutating func parseMap(_ value: [UInt8]) throws(LayerError) {
    var numbers: [Int64] = []
    for part in value.split(separator: UInt8(ascii: ",")) { numbers.append(try number(Array(part))) }
    guard numbers.count.isMultiple(of: 2) else { throw LayerError(nil, .malformed("pax: an odd sparse map")) }
    ranges = stride(from: 0, to: numbers.count, by: 2).map { SparseMap.Range(offset: numbers[$0], count: numbers[$0 + 1]) }
  }

  private func number(_ value: [UInt8]) throws(LayerError) -> Int64 {
    guard let number = paxInteger(value), number >= 0 else { throw LayerError(nil, .malformed("pax: a sparse map that is not numbers")) }
    return number
  }
}
