import Linux
import Testing

@Suite struct TimestampTests {
  // Seconds by date(1).
  @Test(
    arguments: [
      ("1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z"),
      ("2026-11-21T10:27:01.123456789Z", 1_795_256_821, 123_456_789, "2026-11-21T10:27:01.123456789Z"),
      ("2024-02-29T23:59:59.5+01:00", 1_709_247_599, 500_000_000, "2024-02-29T22:59:59.5Z"),
      ("1969-12-31T23:59:59Z", -1, 0, "1969-12-31T23:59:59Z"),
      ("0001-01-01T00:00:00Z", -62_135_596_800, 0, "0001-01-01T00:00:00Z"),
      ("2000-03-01T00:00:00-00:30", 951_870_600, 0, "2000-03-01T00:30:00Z"),
    ] as [(String, Int64, UInt32, String)])
  func readsAndWrites(_ text: String, _ seconds: Int64, _ nanoseconds: UInt32, _ written: String) throws {
    let time = try #require(Timestamp(rfc3339: text))
    #expect(time == Timestamp(seconds: seconds, nanoseconds: nanoseconds))
    #expect(time.rfc3339 == written)
  }

  @Test(arguments: [
    "", "2026", "2026-11-21", "2026-13-21T10:27:01Z", "2026-11-21T10:27:01", "2026-11-21T10:27:01.Z", "2026-11-21T10:27:01Zx",
    "2026-11-21T10:27:01+1:00",
  ])
  func refuses(_ text: String) { #expect(Timestamp(rfc3339: text) == nil) }
}
