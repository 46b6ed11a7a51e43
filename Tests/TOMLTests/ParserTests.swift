import JSON
import TOML
import Testing

@Suite struct ParserTests {
  private func json(_ text: String) throws -> JSONValue { .object(try parseTOML(Array(text.utf8))) }

  /// Documents and the JSON that Python's tomllib makes of them (dates as strings).
  @Test(arguments: [
    ("", "{}"),
    ("# only this\n\n", "{}"),
    ("a = 1\r\nb = \"x\" # c\n", #"{"a":1,"b":"x"}"#),
    ("a.b.c = true\na.d = false\n\"q.r\" = 1\n'' = 2", #"{"a":{"b":{"c":true},"d":false},"q.r":1,"":2}"#),
    ("[a.b]\nx = 1\n[a]\ny = 2", #"{"a":{"b":{"x":1},"y":2}}"#),
    (
      "[[r]]\nn = 1\n[[r.m]]\nl = 'a'\n[[r.m]]\nl = 'b'\n[[r]]\nn = 2\n[r.t]\nz = 3",
      #"{"r":[{"n":1,"m":[{"l":"a"},{"l":"b"}]},{"n":2,"t":{"z":3}}]}"#
    ),
    ("a = [1, [2,\n 3], # c\n]\nb = [\n]", #"{"a":[1,[2,3]],"b":[]}"#),
    ("p = { x = 1, y.z = \"w\", e = {} }", #"{"p":{"x":1,"y":{"z":"w"},"e":{}}}"#),
    ("s = \"\\t\\\"\\\\ \\u00e9\\U0001F600\"", "{\"s\":\"\\t\\\"\\\\ é😀\"}"),
    ("s = '\\no'\nm = '''\na'b''\nc'''", #"{"s":"\\no","m":"a'b''\nc"}"#),
    ("s = \"\"\"\nx \\\n\n   y\"\"\"\"\"", #"{"s":"x y\"\""}"#),
    ("a = +99\nb = -0\nc = 1_000\nd = 0xDEAD_beef\ne = 0o755\nf = 0b1101", #"{"a":99,"b":0,"c":1000,"d":3735928559,"e":493,"f":13}"#),
    ("a = 3.5\nb = -1e2\nc = 6.25E-2", #"{"a":3.5,"b":-100,"c":0.0625}"#),
    ("a = inf\nb = -nan", #"{"a":"inf","b":"-nan"}"#),
    (
      "a = 1979-05-27T07:32:00Z\nb = 1979-05-27 07:32:00.5-07:00\nc = 07:32:00\nd = 1979-05-27",
      #"{"a":"1979-05-27T07:32:00Z","b":"1979-05-27 07:32:00.5-07:00","c":"07:32:00","d":"1979-05-27"}"#
    ),
  ])
  func documents(_ text: String, _ expected: String) throws {
    #expect(try json(text) == JSONValue(parsing: Array(expected.utf8)))
  }

  /// What tomllib refuses.
  @Test(arguments: [
    "a", "a =", "a = 1 b = 2", "= 1", "a = 01", "a = 1__0", "a = _1", "a = 1.", "a = .5", "a = 1e", "a = 0x", "a = +0x1", "a = yes",
    "a = 'x",
    "a = \"x\ny\"", "a = \"\\q\"", "a = \"\\ud800\"", "a = \"\"\"x", "a = [1", "a = [1 2]", "a = {x = 1,}", "a = {x = 1\n}", "[a", "[a]]",
    "[[a]", "[]",
    "a = 1\na = 2", "[a]\n[a]", "[a]\nb = 1\n[a.b]\n", "a.b = 1\n[a]", "[[a]]\n[a]", "a = []\n[[a]]", "a = {}\na.b = 1", "a = {}\n[a.b]",
    "[a.b]\n[a]\nb.c = 1", "a = \"\u{1}\"", "a = 9223372036854775808", "a = 1979-05-27T", "a = 07:32:00Z",
  ])
  func refusals(_ text: String) {
    #expect(throws: TOMLError.self) { try json(text) }
  }

  @Test func whatIsWrongIsFoundByItsLine() {
    #expect(throws: TOMLError(line: 3, reason: "'b' is defined twice")) { try parseTOML(Array("a = 1\nb = 2\nb = 3\n".utf8)) }
    #expect(throws: TOMLError(line: 1, reason: "not UTF-8")) { try parseTOML([0x61, 0x3d, 0xff]) }
  }

  @Test func nestingHasABottom() {
    let deep = "a = " + String(repeating: "[", count: 100_000)
    #expect(throws: TOMLError.self) { try json(deep) }
    #expect(throws: TOMLError.self) { try json("a = " + String(repeating: "{a=", count: 100_000)) }
  }
}
