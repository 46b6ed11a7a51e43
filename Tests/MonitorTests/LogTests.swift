import JSON
import Linux
import SystemPackage
import Testing

@testable import Monitor

@Suite struct LinePartitionTests {
  func parts(_ writes: [[UInt8]]) -> [[UInt8]] {
    var partition = LinePartition()
    var parts = writes.flatMap { partition.add($0) }
    if let rest = partition.end() { parts.append(rest) }
    return parts
  }

  @Test func linesHoweverTheyCome() {
    let whole = [Array("one\n".utf8), Array("\n".utf8), Array("two".utf8)]
    let bytes = whole.flatMap { $0 }
    #expect(parts([bytes]) == whole)
    #expect(parts(bytes.map { [$0] }) == whole)
    #expect(parts([]).isEmpty)
  }

  @Test func longLinesAreCutAt16KiB() {
    let line = [UInt8](repeating: 120, count: 40_000) + [10]
    #expect(parts([line]).map(\.count) == [16384, 16384, 7233])
    #expect(parts([line]).flatMap { $0 } == line)
    let exact = [UInt8](repeating: 120, count: 16383) + [10]
    #expect(parts([exact]) == [exact])
  }

  /// Two, three and four bytes a character, at every offset of the cut.
  @Test(arguments: ["é", "€", "😀"]) func charactersAreNotCut(_ character: String) {
    for shift in 0..<4 {
      let text = String(repeating: "x", count: shift) + String(repeating: character, count: 9000)
      for part in parts([Array(text.utf8)]) {
        #expect(String(validating: part, as: UTF8.self) != nil)
        #expect(part.count <= 16384)
      }
      #expect(parts([Array(text.utf8)]).flatMap { $0 } == Array(text.utf8))
    }
  }

  @Test func bytesThatAreNoTextAreKept() {
    let bytes = [UInt8](repeating: 0x80, count: 50_000)
    #expect(parts([bytes]).flatMap { $0 } == bytes)
  }
}

@Suite struct LogLineTests {
  @Test(arguments: ["plain\n", "\"\\\n\t\r\u{1}", "<&>", "é€😀", ""]) func jsonComesBack(_ text: String) throws {
    var buffer: [UInt8] = []
    LogLine(text: Array(text.utf8), stream: .stderr, time: "2026-11-21T10:27:01.5Z").write(to: &buffer)
    #expect(buffer.last == 10)
    let value = try JSONValue(parsing: buffer)
    #expect(value["log"]?.stringValue == text)
    #expect(LogLine(json: buffer)?.stream == .stderr)
  }

  @Test func badUTF8BecomesTheReplacementCharacter() {
    var buffer: [UInt8] = []
    LogLine.escape([0x61, 0xff, 0x62], to: &buffer)
    #expect(String(decoding: buffer, as: UTF8.self) == "a\u{fffd}b")
  }

  /// The reader is JSON's; the repair is what Go makes of each byte that belongs to no character.
  @Test func whateverIsWrittenIsReadBack() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let bytes = (0..<64).map { _ in UInt8.random(in: 0...255, using: &generator) & (Bool.random() ? 0x7f : 0xff) }
      var buffer: [UInt8] = []
      LogLine(text: bytes, stream: .stdout, time: "t").write(to: &buffer)
      #expect(LogLine(json: buffer)?.text.filter { $0 < 0x80 } == bytes.filter { $0 < 0x80 })
    }
  }

  @Test(arguments: ["ü", "€", "😀", "a\u{7ff}b", "\u{d7ff}\u{e000}", "\u{10ffff}", "\t\r\u{1}\u{1f}\u{7f}\"\\<&>"])
  func charactersStay(_ text: String) {
    var buffer: [UInt8] = []
    LogLine(text: Array(text.utf8), stream: .stdout, time: "t").write(to: &buffer)
    #expect(LogLine(json: buffer)?.text == Array(text.utf8))
  }

  @Test(arguments: [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80], [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80]] as [[UInt8]])
  func whatIsNoCharacterIsReplacedByteForByte(_ bytes: [UInt8]) {
    var buffer: [UInt8] = []
    LogLine.escape(bytes, to: &buffer)
    #expect(String(decoding: buffer, as: UTF8.self) == String(repeating: "\u{fffd}", count: bytes.count))
  }

  @Test func markupIsEscapedAsDockerDoes() {
    var buffer: [UInt8] = []
    LogLine.escape(Array("<a&b>".utf8), to: &buffer)
    #expect(String(decoding: buffer, as: UTF8.self) == #"\u003ca\u0026b\u003e"#)
  }

  @Test func tornLineIsPassedOver() { #expect(LogLine(json: Array(#"{"log":"x"#.utf8)) == nil) }
}

@Suite struct LogWriterTests {
  let directory = FilePath("/tmp/tote-log-\(processID)-\(UInt32.random(in: .min ... .max))")

  @Test func turnsOver() throws {
    try makeDirectories(directory)
    defer { try? removeTree(directory) }
    var options = LogOptions()
    options.maximumSize = 1000
    options.maximumFiles = 3
    let path = directory.appending("log")
    var writer = try LogWriter(path, options)
    for number in 0..<100 { writer.write(Array("line \(number)\n".utf8), .stdout) }
    let names = try openFile(directory, .readOnly).entries().map(\.name.string).sorted()
    #expect(names == ["log", "log.1", "log.2"])
    for name in names { #expect(try fileStatus(directory.appending(name)).size < 1100) }
    var position = LogPosition(directory.appending("log.1"))
    #expect(try !position.read().isEmpty)
    #expect(try position.read().isEmpty)
  }

  @Test(
    arguments: [
      ("10", 10), ("10k", 10240), ("10MB", nil), ("1m", 1 << 20), ("2g", 2 << 30), ("-1", -1), ("0", nil), ("x", nil), ("", nil), ("5b", 5),
    ] as [(String, Int?)])
  func sizes(_ text: String, _ size: Int?) {
    // Go's units.RAMInBytes takes MB as m.
    #expect(LogOptions.size(text) == (text == "10MB" ? 10 << 20 : size))
  }
}
