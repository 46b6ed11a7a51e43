import Linux
import Testing

@testable import LayerArchive

@Test func numbersAreOctalOrBase256() {
  #expect(tarNumber(Array("0000644\u{0}".utf8)[...]) == 0o644)
  #expect(tarNumber(Array("   644 ".utf8)[...]) == 0o644)
  #expect(tarNumber([0, 0, 0]) == 0)
  #expect(tarNumber([0x80, 0, 0, 1, 0]) == 256)
  #expect(tarNumber([0xff, 0xff, 0xff, 0xfe]) == -2)
  #expect(tarNumber([0x80] + [UInt8](repeating: 0xff, count: 11)) == nil)
  #expect(tarNumber(Array("12x".utf8)[...]) == nil)
}

@Test func timesOfPaxGoBelowZero() {
  #expect(paxTime(Array("1.5".utf8)) == Timestamp(seconds: 1, nanoseconds: 500_000_000))
  #expect(paxTime(Array("-1.25".utf8)) == Timestamp(seconds: -2, nanoseconds: 750_000_000))
  #expect(paxTime(Array("7.1234567899".utf8)) == Timestamp(seconds: 7, nanoseconds: 123_456_789))
  for text in ["", "x", "1.x", "--1", "1e3", "99999999999999999999"] { #expect(paxTime(Array(text.utf8)) == nil) }
}

@Test func gnuLongNamesAreRead() throws {
  let name = [UInt8](repeating: 0x61, count: 700)
  let long = rawHeader(TarEntry("././@LongLink", .regular, mode: 0, size: 701)) { $0[TarHeader.type] = UInt8(ascii: "L") }
  let read = try entries(long + block(name + [0]) + TarEncoder.header(file("short")))
  #expect(read.map(\.entry.path.bytes) == [name])
}

@Test func oldGnuSparseFilesHaveTheirHoles() throws {
  let header = rawHeader(TarEntry("s", .regular, mode: 0o644, size: 6)) { header in
    header[TarHeader.type] = UInt8(ascii: "S")
    header.replaceSubrange(TarHeader.magic, with: Array("ustar  \u{0}".utf8))
    header.replaceSubrange(386..<410, with: Array("00000000002\u{0}00000000003\u{0}".utf8))
    header.replaceSubrange(410..<434, with: Array("00000000020\u{0}00000000003\u{0}".utf8))
    header.replaceSubrange(483..<495, with: Array("00000000030\u{0}".utf8))
  }
  let read = try entries(header + block(Array("abcdef".utf8)))
  let expected = [0, 0] + Array("abc".utf8) + [UInt8](repeating: 0, count: 11) + Array("def".utf8) + [UInt8](repeating: 0, count: 5)
  #expect(read.first?.content == expected)
}

@Test(arguments: [[(0, 7), (3, 1)], [(20, 10)], [(0, 5)], [(4, 3), (0, 3)]])
func sparseMapsThatCannotBeAreRefused(_ ranges: [(Int64, Int64)]) {
  #expect(throws: LayerError.self) {
    try SparseMap(ranges.map { SparseMap.Range(offset: $0.0, count: $0.1) }, size: 24, stored: 6, "s")
  }
}

@Test func limitsHold() throws {
  var limits = LayerLimits()
  limits.entries = 2
  let three = try layer { writer in for name in ["a", "b", "c"] { try writer.add(file(BytePath(name))) } }
  #expect(throws: LayerError(nil, .limit("more than 2 entries"))) { try entries(three, limits: limits) }
  limits = LayerLimits()
  limits.uncompressedSize = 1000
  let large = try layer { writer in
    try writer.add(file("a"), bytes: [UInt8](repeating: 1, count: 600))
    try writer.add(file("b"), bytes: [UInt8](repeating: 1, count: 600))
  }
  #expect(throws: LayerError.self) { try entries(large, limits: limits) }
}

@Test func globalsGiveOwnersAndTimesToWhatFollows() throws {
  var records = PaxRecords()
  records.addText("uid", Array("77".utf8))
  records.addText("path", Array("elsewhere".utf8))
  let global = rawHeader(TarEntry("g", .regular, mode: 0, size: Int64(records.bytes.count))) { $0[TarHeader.type] = UInt8(ascii: "g") }
  let read = try entries(global + block(records.bytes) + TarEncoder.header(file("a")) + TarEncoder.header(file("b")))
  #expect(read.map(\.entry.userID) == [77, 77])
  #expect(read.map(\.entry.path) == ["a", "b"])
}

/// Whatever the bytes are: an error or entries, and an end.
@Test func damagedArchivesEndInAnErrorOrNot() throws {
  let good = try layer(.gzip) { writer in
    try writer.add(directory("d"))
    try writer.add(
      TarEntry("d/f", .regular, mode: 0o644, attributes: [ExtendedAttribute("user.x", [1, 2, 3])]), bytes: Array("content".utf8))
    try writer.add(TarEntry("d/l", .symbolicLink("f"), mode: 0o777))
  }
  let diffID = try checkLayer(MemorySource(good)).diffID
  for length in stride(from: 0, to: good.count, by: 3) {
    #expect(throws: LayerError.self) { try checkLayer(MemorySource(Array(good[..<length]))) }
  }
  for index in good.indices {
    var bad = good
    bad[index] ^= 0x10
    // A bit that gzip does not use (a time, a code that does not occur) may go unnoticed, but never change the content.
    do { #expect(try checkLayer(MemorySource(bad)).diffID == diffID) } catch {}
  }
  let plain = try layer {
    try $0.add(TarEntry("f", .regular, mode: 0o644, attributes: [ExtendedAttribute("user.x", [1])]), bytes: [1, 2, 3])
  }
  for index in plain.indices {
    var bad = plain
    bad[index] = bad[index] &+ 1
    _ = try? entries(bad)
  }
  for length in 1..<(plain.count - 1024) where length % 512 != 0 {
    #expect(throws: LayerError.self) { try entries(Array(plain[..<length])) }
  }
}
