import JSON
import Testing

private enum Kind: String, Codable { case pid, network }

private struct Namespace: Codable, Equatable {
  var type: Kind
  var path: String?
}

private struct Document: Codable, Equatable {
  var name: String
  var small: UInt8?
  var ratio: Double?
  var on: Bool?
  var namespaces: [Namespace]?
  var labels: [String: String]?
  var sizes: [String: Int]?
  var raw: JSONValue?
  var ids: [UInt32]?
  var unknown = UnknownProperties()
}

@Suite struct CodableTests {
  private func decode(_ text: String) throws -> Document { try decodeJSON(Document.self, from: Array(text.utf8)) }

  private func message(_ text: String) -> String? {
    do { _ = try decode(text) } catch { return "\(error)" }
    return nil
  }

  @Test func roundTripKeepsUnknownPropertiesAndSortsMaps() throws {
    let text =
      #"{"zzz":[1.50],"name":"n","small":255,"ratio":0.5,"on":true,"namespaces":[{"type":"pid"},{"type":"network","path":"/x"}],"#
      + #""labels":{"b":"2","a":"1","é":"3"},"sizes":{"y":2,"x":1},"raw":{"k":[1.0,null]},"ids":[0,4294967295],"unknown":1,"aaa":null}"#
    let document = try decode(text)
    #expect(document.namespaces == [Namespace(type: .pid), Namespace(type: .network, path: "/x")])
    #expect(document.unknown.members == ["zzz": [.number(.literal("1.50"))], "unknown": 1, "aaa": nil])
    let written = String(decoding: try encodeJSON(document), as: UTF8.self)
    let expected =
      #"{"name":"n","small":255,"ratio":0.5,"on":true,"namespaces":[{"type":"pid"},{"type":"network","path":"/x"}],"#
      + #""labels":{"a":"1","b":"2","é":"3"},"sizes":{"x":1,"y":2},"raw":{"k":[1.0,null]},"ids":[0,4294967295],"zzz":[1.50],"unknown":1,"aaa":null}"#
    #expect(written == expected)
    #expect(try decode(written) == document)
  }

  @Test func absentAndNull() throws {
    let document = try decode(#"{"name":"n","small":null,"namespaces":null,"labels":null}"#)
    #expect(document == Document(name: "n"))
    #expect(try encodeJSON(document) == Array(#"{"name":"n"}"#.utf8))
    struct Lists: Codable, Equatable { var a: [String], b: [Namespace] }
    #expect(try decodeJSON(Lists.self, from: ["a": nil, "b": nil]) == Lists(a: [], b: []))
  }

  @Test func errorsCarryThePath() {
    #expect(message("{}") == "name: missing")
    #expect(message("[]") == "expected an object, found an array")
    #expect(message(#"{"name":null}"#) == "name: expected a string, found null")
    #expect(message(#"{"name":1}"#) == "name: expected a string, found 1")
    #expect(message(#"{"name":"n","small":256}"#) == "small: 256 is not an integer from 0 to 255")
    #expect(message(#"{"name":"n","small":1.0}"#) == "small: 1.0 is not an integer from 0 to 255")
    #expect(message(#"{"name":"n","small":"1"}"#) == "small: expected an integer, found '1'")
    #expect(message(#"{"name":"n","namespaces":{}}"#) == "namespaces: expected an array, found an object")
    #expect(message(#"{"name":"n","namespaces":[{"type":"pid"},{"type":"x"}]}"#) == "namespaces[1].type: unknown value 'x'")
    #expect(message(#"{"name":"n","namespaces":[{"type":3}]}"#) == "namespaces[0].type: expected a string, found 3")
    #expect(message(#"{"name":"n","namespaces":[{"path":""}]}"#) == "namespaces[0].type: missing")
    #expect(message(#"{"name":"n","labels":{"a.b":2}}"#) == #"labels["a.b"]: expected a string, found 2"#)
    #expect(message(#"{"name":"n","sizes":{"3":"x"}}"#) == "sizes.3: expected an integer, found 'x'")
    #expect(message(#"{"name":"n","ids":[1,-1]}"#) == "ids[1]: -1 is not an integer from 0 to 4294967295")
    #expect(message(#"{"name":"n",}"#) == "1:13: '}' where a member's name should be")
  }

  @Test func hugeIntegersStayExact() throws {
    struct Sizes: Codable, Equatable { var a: UInt64, b: Int64 }
    let sizes = Sizes(a: .max, b: .min)
    let bytes = try encodeJSON(sizes)
    #expect(bytes == Array(#"{"a":18446744073709551615,"b":-9223372036854775808}"#.utf8))
    #expect(try decodeJSON(Sizes.self, from: bytes) == sizes)
  }

  @Test func whatHasNoJSONFormIsRefused() {
    #expect(throws: JSONError(at: JSONPath([.key("name"), .index(0)]), "nan has no JSON form")) {
      try encodeJSON(["name": [Double.nan]])
    }
  }

  @Test func topLevelValuesOfAnyKind() throws {
    #expect(try encodeJSON("a\"b") == Array(#""a\"b""#.utf8))
    #expect(try encodeJSON([1, 2]) == Array("[1,2]".utf8))
    #expect(try encodeJSON(7) == Array("7".utf8))
    #expect(try decodeJSON([String].self, from: ["a", "b"]) == ["a", "b"])
    #expect(try decodeJSON(Int.self, from: 7) == 7)
    #expect(try decodeJSON(JSONValue.self, from: ["x": 1]) == ["x": 1])
    #expect(try decodeJSON([Int?].self, from: [1, nil]) == [1, nil])
    #expect(try encodeJSON([1, nil] as [Int?]) == Array("[1,null]".utf8))
    #expect(try JSONValue(encoding: Namespace(type: .pid)) == ["type": "pid"])
  }
}
