import Linux
import Testing

@testable import LayerArchive

/// Entries that need each of pax's records, and those that need none.
private let samples: [TarEntry] = [
  TarEntry("f", .regular, mode: 0o4755, userID: 1000, groupID: 100, modified: Timestamp(seconds: 1_700_000_000)),
  TarEntry("d", .directory, mode: 0o1777),
  TarEntry("l", .symbolicLink(BytePath([UInt8](repeating: 0x78, count: 300))), mode: 0o777),
  TarEntry(BytePath("p/" + String(repeating: "n", count: 99)), .regular, mode: 0o644),
  TarEntry(BytePath(String(repeating: "p", count: 155) + "/" + String(repeating: "n", count: 99)), .directory, mode: 0o755),
  TarEntry(BytePath(String(repeating: "n", count: 255)), .regular, mode: 0o644),
  TarEntry(BytePath([UInt8](repeating: 0xfe, count: 200)), .regular, mode: 0o600),
  TarEntry("owner", .regular, mode: 0o600, userID: .max - 1, groupID: 2_097_152),
  TarEntry("before", .regular, mode: 0o600, modified: Timestamp(seconds: -3)),
  TarEntry("beforehalf", .regular, mode: 0o600, modified: Timestamp(seconds: -3, nanoseconds: 500_000_000)),
  TarEntry("exact", .regular, mode: 0o600, modified: Timestamp(seconds: 5, nanoseconds: 7)),
  TarEntry("far", .regular, mode: 0o600, modified: Timestamp(seconds: 1 << 34)),
  TarEntry("device", .characterDevice(major: 4095, minor: 0xfffff), mode: 0o600),
  TarEntry("block", .blockDevice(major: 8, minor: 1), mode: 0o660),
  TarEntry("fifo", .fifo, mode: 0o600),
  TarEntry(
    "attributes", .regular, mode: 0o600, attributes: [ExtendedAttribute("user.a b", [0, 10, 61, 255]), ExtendedAttribute("user.z", [])]),
  TarEntry(BytePath("new\nline and space"), .hardLink("f"), mode: 0o644),
]

@Test(arguments: samples) func whatIsWrittenIsRead(_ entry: TarEntry) throws {
  let read = try entries(TarEncoder.header(entry))
  var expected = entry
  if entry.kind == .directory { expected.path.bytes.append(slash) }
  #expect(read.map(\.entry) == [expected])
}

@Test func paxIsWrittenOnlyWhereUstarDoesNotDo() {
  let needing = samples.filter { TarEncoder.header($0).count > 512 }.map(\.path.description)
  #expect(
    needing.map { String($0.prefix(10)) } == [
      "l", "nnnnnnnnnn", "\\xfe\\xfe\\x", "owner", "before", "beforehalf", "exact", "far", "attributes",
    ])
}

@Test(arguments: [1, 95, 96, 97, 98, 990, 996, 997, 9_990, 9_995]) func recordLengthsCountThemselves(_ size: Int) {
  var records = PaxRecords()
  records.add([107], [UInt8](repeating: 118, count: size))
  let parsed = PaxRecords.parse(records.bytes)
  #expect(parsed?.count == 1 && parsed?[0].value.count == size)
}

@Test(arguments: ["0 a=b\n", "5 a=b\n", "99 a=b\n", "6 a=b\n6", "5 =b\n\n", "a=b\n", "-6 a=b\n", "+6 a=b\n", "6  a=b\n", "5 ab\n"])
func recordsThatAreNoneAreRefused(_ text: String) { #expect(PaxRecords.parse(Array(text.utf8)) == nil) }

@Test func filesOverEightGibibytesHaveTheirSizeInPax() throws {
  var limits = LayerLimits()
  limits.uncompressedSize = .max
  let reader = TarReader(MemorySource(TarEncoder.header(TarEntry("big", .regular, mode: 0o644, size: 9 << 30))), limits: limits)
  #expect(try reader.next()?.size == 9 << 30)
}
