import Testing

@testable import Bundle

@Suite struct NumberTests {
  @Test(arguments: [
    ("0", 0), ("512", 512), ("6m", 6 << 20), ("1.5g", 1_610_612_736), ("2GB", 2 << 30), ("3KiB", 3072), ("1 k", 1024), (".5k", 512),
    ("10b", 10), ("1P", 1 << 50),
  ])
  func sizes(_ text: String, _ bytes: Int64) throws {
    #expect(try byteSize(text) == bytes)
  }

  @Test(arguments: [
    ("", "invalid size: ''"), ("abc", "invalid size: 'abc'"), ("-1", "invalid size: '-1'"), ("1x", "invalid suffix: 'x'"),
    ("1kbb", "invalid suffix: 'kbb'"), ("1bb", "invalid suffix: 'bb'"), ("0x10", "strconv.ParseFloat: parsing \"0x10\": invalid syntax"),
    ("1.2.3", "strconv.ParseFloat: parsing \"1.2.3\": invalid syntax"), ("99999999999P", "invalid size: '99999999999P'"),
  ])
  func wrongSizes(_ text: String, _ reason: String) {
    #expect(throws: InvalidValue(reason)) { try byteSize(text) }
  }

  @Test func swapMayBeUnlimited() throws {
    #expect(try swapSize("-1") == -1)
    #expect(try swapSize("1g") == 1 << 30)
    #expect(throws: InvalidValue.self) { try swapSize("-2") }
  }

  @Test(arguments: [("1.5", 1_500_000_000), ("0.01", 10_000_000), ("1/2", 500_000_000), ("2", 2_000_000_000), (".25", 250_000_000)])
  func cpus(_ text: String, _ nano: Int64) throws {
    #expect(try nanoCPUs(text) == nano)
  }

  @Test(arguments: [
    ("x", "failed to parse x as a rational number"), ("0.0000000001", "value is too precise"), ("1/3", "value is too precise"),
    ("1/0", "failed to parse 1/0 as a rational number"), ("", "failed to parse  as a rational number"),
  ])
  func wrongCPUs(_ text: String, _ reason: String) {
    #expect(throws: InvalidValue(reason)) { try nanoCPUs(text) }
  }

  @Test(arguments: [
    ("1m30s", 90_000_000_000), ("1.5h", 5_400_000_000_000), ("300ms", 300_000_000), ("0", 0), ("-1s", -1_000_000_000), ("5us", 5000),
  ])
  func durations(_ text: String, _ nanoseconds: Int64) throws {
    #expect(try goDuration(text) == nanoseconds)
  }

  @Test(arguments: [
    ("90", "time: missing unit in duration \"90\""), ("1d", "time: unknown unit \"d\" in duration \"1d\""),
    ("", "time: invalid duration \"\""), ("s", "time: invalid duration \"s\""),
  ])
  func wrongDurations(_ text: String, _ reason: String) {
    #expect(throws: InvalidValue(reason)) { try goDuration(text) }
  }

  @Test func limits() throws {
    #expect(try Ulimit(parsing: "nofile=1024:2048") == Ulimit(name: "nofile", soft: 1024, hard: 2048))
    #expect(try Ulimit(parsing: "core=0") == Ulimit(name: "core", soft: 0, hard: 0))
    #expect(try Ulimit(parsing: "memlock=-1:-1").resource == "RLIMIT_MEMLOCK")
    for (text, reason) in [
      ("nofile", "invalid ulimit argument: nofile"), ("as=1", "invalid ulimit type: as"),
      ("nofile=2:1", "ulimit soft limit must be less than or equal to hard limit: 2 > 1"),
      ("nofile=-1:1", "ulimit soft limit must be less than or equal to hard limit: soft: -1 (unlimited), hard: 1"),
      ("nofile=1:2:3", "too many limit value arguments - 1:2:3, can only have up to two, `soft[:hard]`"),
      ("nofile=x", "strconv.ParseInt: parsing \"x\": invalid syntax"),
    ] {
      #expect(throws: InvalidValue(reason)) { try Ulimit(parsing: text) }
    }
  }
}
