import JSON
import Testing

@Suite struct ParserTests {
  @Test(arguments: [
    ("null", "null"), (" true\n", "true"), ("false", "false"), ("0", "0"), ("-1", "-1"), ("\"\"", "\"\""),
    ("[]", "[]"), ("{}", "{}"), ("[ 1 , 2 ]", "[1,2]"), (#"{ "b" : 1 , "a" : { } }"#, #"{"b":1,"a":{}}"#),
    (#"{"a":1,"b":2,"a":3}"#, #"{"a":3,"b":2}"#),
    (#""\"\\\/\b\f\n\r\t""#, #""\"\\/\b\f\n\r\t""#),
    (#""\u0041\u00e9\u20ac\ud83d\ude00""#, #""Aé€😀""#),
    (#""\u0000\u001F""#, #""\u0000\u001f""#), ("\"\u{7F}\u{2028}\"", "\"\u{7F}\u{2028}\""),
    (#""aé\n€""#, #""aé\n€""#),
    ("9223372036854775807", "9223372036854775807"), ("-9223372036854775808", "-9223372036854775808"),
    ("18446744073709551615", "18446744073709551615"), ("18446744073709551616", "18446744073709551616"),
    ("-9223372036854775809", "-9223372036854775809"), ("1.0", "1.0"), ("-0", "-0"), ("-0.0", "-0.0"),
    ("1e5", "1e5"), ("1E+05", "1E+05"), ("2.50e-10", "2.50e-10"),
    ("123456789012345678901234567890", "123456789012345678901234567890"),
  ])
  func accepts(text: String, written: String) throws {
    #expect(try JSONValue(parsing: text).description == written)
  }

  @Test(arguments: [
    ("", 0, 1, 1), (" ", 1, 1, 2), ("tru", 0, 1, 1), ("nulll", 4, 1, 5), ("01", 0, 1, 1), ("-", 1, 1, 2), ("-a", 1, 1, 2),
    ("1.", 2, 1, 3), (".5", 0, 1, 1), ("1e", 2, 1, 3), ("1e+", 3, 1, 4), ("+1", 0, 1, 1), ("0x1", 1, 1, 2), ("NaN", 0, 1, 1),
    ("[1,]", 3, 1, 4), ("[,1]", 1, 1, 2), ("[1 2]", 3, 1, 4), ("[1", 2, 1, 3), ("]", 0, 1, 1), ("[1}", 2, 1, 3),
    ("{\"a\"}", 4, 1, 5), ("{\"a\":}", 5, 1, 6), ("{\"a\":1,}", 7, 1, 8), ("{a:1}", 1, 1, 2), ("{1:1}", 1, 1, 2),
    ("{\"a\":1", 6, 1, 7), ("{\"a\" 1}", 5, 1, 6), ("\"a", 0, 1, 1), ("\"\\x\"", 2, 1, 3), ("\"\\u12g4\"", 5, 1, 6),
    ("\"\\ud800\"", 1, 1, 2), ("\"\\udc00\"", 1, 1, 2), ("\"\\ud800\\u0041\"", 1, 1, 2), ("\"\\ud800\\n\"", 1, 1, 2),
    ("\"a\nb\"", 2, 1, 3), ("\"\t\"", 1, 1, 2), ("\"\\", 2, 1, 3), ("1 1", 2, 1, 3), ("'a'", 0, 1, 1), ("//x\n1", 0, 1, 1),
    ("{\n  \"é\": x\n}", 10, 2, 8), ("\u{FEFF}1", 0, 1, 1), ("\u{A0}1", 0, 1, 1),
  ])
  func refuses(text: String, offset: Int, line: Int, column: Int) throws {
    let error = try #require(throws: JSONError.self) { try JSONValue(parsing: text) }
    #expect(error.location == .text(offset: offset, line: line, column: column), "\(error)")
  }

  @Test(
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0x61, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0x80, 0x22], [0xFF], [0x00],
    ] as [[UInt8]])
  func refusesWhatIsNotUTF8(bytes: [UInt8]) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
  }

  @Test func nestsToItsLimitAndNoFurther() throws {
    let limit = JSONParser.depthLimit
    _ = try JSONValue(parsing: String(repeating: "[", count: limit) + String(repeating: "]", count: limit))
    let error = try #require(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 100_000)) }
    #expect(error.description == "1:513: nested more than 512 levels deep")
    #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "{\"a\":", count: 100_000)) }
  }

  @Test func messagesNameWhatTheyFound() throws {
    func message(_ text: String) -> String? {
      do { _ = try JSONValue(parsing: text) } catch { return "\(error)" }
      return nil
    }
    #expect(message("{\"a\":1,\n \"b\" 2}") == "2:6: '2' where ':' should be")
    #expect(message("[1,") == "1:4: the text ends where a value should be")
    #expect(message("[1,\u{1}") == "1:4: byte 0x01 where a value should be")
    #expect(message("{} x") == "1:4: 'x' after the JSON text")
  }

  @Test func neverCrashesOnDamagedText() {
    let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00",null,true],"b":{"c":"é","d":[{}]}}"#.utf8)
    for length in 0..<text.count { #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text[..<length])) } }
    for position in text.indices {
      for byte in [0, 0x22, 0x5C, 0x5B, 0x7B, 0x7D, 0x80, 0xC3, 0xFF] as [UInt8] {
        var damaged = text
        damaged[position] = byte
        if let value = try? JSONValue(parsing: damaged) {
          #expect(throws: Never.self) { try JSONValue(parsing: value.serialized()) }
        }
      }
    }
  }
}
