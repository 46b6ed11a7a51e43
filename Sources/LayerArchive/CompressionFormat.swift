/// How a stream is compressed, told by its first bytes.
package enum CompressionFormat: String, Sendable {
  case none, gzip, zstd
  case bzip2, xz, lzma, lz4, lzip, compress

  /// As many bytes as it takes to tell.
  package static let prefixLength = 6

  package init(prefix: [UInt8]) {
    func begins(_ magic: [UInt8]) -> Bool { prefix.starts(with: magic) }
    switch true {
    case begins([0x1f, 0x8b]): self = .gzip
    case begins([0x28, 0xb5, 0x2f, 0xfd]): self = .zstd
    // A skippable frame may come first.
    case prefix.count >= 4 && prefix[0] & 0xf0 == 0x50 && prefix[1...3].elementsEqual([0x2a, 0x4d, 0x18]): self = .zstd
    case begins([0x42, 0x5a, 0x68]): self = .bzip2
    case begins([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]): self = .xz
    case begins([0x5d, 0x00, 0x00]): self = .lzma
    case begins([0x04, 0x22, 0x4d, 0x18]): self = .lz4
    case begins([0x4c, 0x5a, 0x49, 0x50]): self = .lzip
    case begins([0x1f, 0x9d]): self = .compress
    default: self = .none
    }
  }

  /// The algorithm if it is one of those that a layer may be stored in.
  package var layerAlgorithm: LayerCompression.Algorithm? { LayerCompression.Algorithm(rawValue: rawValue) }
}

/// A source whose first bytes have been looked at.
final class PeekedSource: ByteSource {
  private let upstream: any ByteSource
  private(set) var prefix: [UInt8] = []
  private var taken = 0

  /// Reads the first bytes, fewer than `count` only where there are no more.
  init(_ upstream: any ByteSource, _ count: Int) throws(LayerError) {
    self.upstream = upstream
    var buffer = [UInt8](repeating: 0, count: count)
    while prefix.count < count {
      var span = buffer.mutableSpan
      let wanted = count - prefix.count
      let got = try unsafe span.withUnsafeMutableBytes { (buffer) throws(LayerError) in
        try unsafe upstream.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
      }
      if got == 0 { break }
      prefix += buffer[..<got]
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
    if taken == prefix.count { return try unsafe upstream.read(into: buffer) }
    let count = min(buffer.count, prefix.count - taken)
    unsafe buffer.copyBytes(from: prefix[taken..<(taken + count)])
    taken += count
    return count
  }
}
