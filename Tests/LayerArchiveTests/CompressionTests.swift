import ContentHash
import OCIImageSpec
import Testing

@testable import LayerArchive

private let content: [UInt8] = (0..<1_300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }

@Test(arguments: ["none", "gzip", "gzip:0", "gzip:1", "gzip:6", "zstd", "zstd:1", "zstd:19"])
func everyCompressionGivesTheSameTarAndIsReadAgain(_ name: String) throws {
  let plain = try layer { try $0.add(file("f"), bytes: content) }
  let compression = try #require(LayerCompression(name))
  let stored = try layer(compression) { try $0.add(file("f"), bytes: content) }
  let description = try checkLayer(MemorySource(stored))
  #expect(description.diffID == contentDigest(of: plain))
  #expect(description.digest == contentDigest(of: stored))
  #expect(description.size == stored.count && description.uncompressedSize == plain.count)
  #expect(description.compression == compression.algorithm)
}

@Test(arguments: [LayerCompression.gzip, .zstd]) func theNumberOfThreadsDoesNotShow(_ compression: LayerCompression) throws {
  let one = try layer(compression, threads: 1) { try $0.add(file("f"), bytes: content) }
  for threads in [2, 3, 5] {
    #expect(try layer(compression, threads: threads) { try $0.add(file("f"), bytes: content) } == one)
  }
}

@Test func randomBytesFitTheirBuffers() throws {
  var generator = SystemRandomNumberGenerator()
  let noise = (0..<1_100_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
  for name in ["gzip:0", "gzip:1", "gzip:2", "gzip:9", "zstd"] {
    let compression = try #require(LayerCompression(name))
    let stored = try layer(compression) { try $0.add(file("f"), bytes: noise) }
    #expect(try checkLayer(MemorySource(stored)).uncompressedSize > 1_100_000)
  }
}

@Test(arguments: [0, (1 << 20) - 1024 - 512, (1 << 20) - 1536, (2 << 20) - 1536, (1 << 20) - 1535])
func chunksEndAnywhere(_ size: Int) throws {
  for compression in [LayerCompression.gzip, .zstd, .none] {
    let stored = try layer(compression) { try $0.add(file("f"), bytes: [UInt8](repeating: 3, count: size)) }
    #expect(try checkLayer(MemorySource(stored)).uncompressedSize == Int64(512 + (size + 511) / 512 * 512 + 1024))
  }
}

@Test func membersAndFramesAreReadOneAfterTheOther() throws {
  let tar = try layer { try $0.add(file("f"), bytes: Array("hello".utf8)) }
  let (first, second) = (Array(tar[..<700]), Array(tar[700...]))
  let gzip = try gzipped(first) + gzipped(second)
  #expect(try checkLayer(MemorySource(gzip)).diffID == contentDigest(of: tar))
  // Zeros at the end are a tape's padding; anything else is not.
  #expect(try checkLayer(MemorySource(gzip + [0, 0, 0])).diffID == contentDigest(of: tar))
  #expect(throws: LayerError.self) { try checkLayer(MemorySource(gzip + [0, 1])) }
  #expect(throws: LayerError.self) { try checkLayer(MemorySource(gzip + [9])) }
  // A skippable frame of four bytes, as zstd:chunked has them.
  let skippable: [UInt8] = [0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]
  let zstd = try skippable + zstded(first) + skippable + zstded(second) + skippable
  #expect(try checkLayer(MemorySource(zstd)).diffID == contentDigest(of: tar))
  #expect(throws: LayerError.self) { try checkLayer(MemorySource(Array(zstd.dropLast()))) }
}

@Test func zlibReadsWhatISALReads() throws {
  let stored = try layer(.gzip) { try $0.add(file("f"), bytes: content) }
  let inflater = try ZlibInflater()
  inflater.reset()
  var output = [UInt8](repeating: 0, count: 4 << 20)
  try unsafe stored.withUnsafeBytes { input in
    unsafe inflater.provide(input)
    try unsafe output.withUnsafeMutableBytes { room in
      let (count, isFinished) = try unsafe inflater.inflate(into: room)
      #expect(isFinished && count == 512 + 1_300_480 + 1024)
    }
  }
}

@Test func ratiosAndSizesAreLimited() throws {
  let bomb = try layer(.gzip) { try $0.add(file("f"), bytes: [UInt8](repeating: 0, count: 4 << 20)) }
  var limits = LayerLimits()
  limits.ratioAllowance = 1 << 20
  limits.ratio = 50
  #expect(throws: LayerError(nil, .limit("the layer decompresses to more than 50 times its size"))) {
    try checkLayer(MemorySource(bomb), limits: limits)
  }
  limits.ratio = 100_000
  limits.uncompressedSize = 1 << 20
  #expect(throws: LayerError.self) { try checkLayer(MemorySource(bomb), limits: limits) }
}

@Test func digestsAreChecked() throws {
  let stored = try layer(.gzip) { try $0.add(file("f")) }
  let good = contentDigest(of: stored)
  let other = contentDigest(of: [1])
  _ = try checkLayer(MemorySource(stored), expected: ExpectedDigests(digest: good))
  #expect(throws: LayerError(nil, .digestMismatch(subject: "layer", expected: other, actual: good))) {
    try checkLayer(MemorySource(stored), expected: ExpectedDigests(digest: other))
  }
  #expect(throws: LayerError.self) { try checkLayer(MemorySource(stored), expected: ExpectedDigests(diffID: good)) }
  let sha512 = contentDigest(of: stored, .sha512)
  #expect(try checkLayer(MemorySource(stored), expected: ExpectedDigests(digest: sha512)).digest == sha512)
}

@Test func compressionsHaveNames() {
  #expect(LayerCompression("gzip") == .gzip && LayerCompression("zstd:3") == .zstd && LayerCompression("none")?.level == 0)
  for name in ["", "gzip:", "gzip:10", "gzip:+2", "zstd:0", "none:1", "xz", "GZIP"] { #expect(LayerCompression(name) == nil) }
}

@Test func chainsAreHashedPairByPair() throws {
  let a = contentDigest(of: [1])
  let b = contentDigest(of: [2])
  #expect(chainIDs(of: [a, b]) == [a, contentDigest(of: Array("\(a) \(b)".utf8))])
  #expect(chainIDs(of: []) == [])
}

private func gzipped(_ bytes: [UInt8]) throws -> [UInt8] { try compressed(bytes, .gzip) }
private func zstded(_ bytes: [UInt8]) throws -> [UInt8] { try compressed(bytes, .zstd) }

private func compressed(_ bytes: [UInt8], _ compression: LayerCompression) throws -> [UInt8] {
  let sink = MemorySink()
  let stream = try TarStream(sink, compression, threads: 1)
  try stream.write(bytes)
  _ = try stream.finish()
  return sink.bytes
}
