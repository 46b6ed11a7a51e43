import JSON
import Testing

@Suite struct ValueTests {
  @Test func objectsKeepTheirOrder() {
    var object = JSONObject()
    for number in (0..<100).reversed() { object["k\(number)"] = .integer(number) }
    #expect(object.keys.first == "k99" && object.keys.last == "k0" && object.count == 100)
    object["k50"] = "changed"
    #expect(object["k50"] == "changed" && object.count == 100)
    object["k99"] = nil
    #expect(object.keys.first == "k98" && object["k0"] == 0 && object["k99"] == nil && object["none"] == nil)
    object.sortKeys()
    #expect(object.keys.prefix(3) == ["k0", "k1", "k10"] && object["k98"] == 98)
  }

  @Test func namesAreTheirBytes() throws {
    for extra in [0, 30] {
      var object = JSONObject()
      for number in 0..<extra { object["k\(number)"] = .null }
      object["\u{E9}"] = 1
      object["e\u{301}"] = 2
      #expect(object.count == extra + 2 && object["\u{E9}"] == 1 && object["e\u{301}"] == 2)
    }
  }

  @Test func equalityIgnoresOrder() {
    let a: JSONObject = ["x": 1, "y": [true, nil]]
    let b: JSONObject = ["y": [true, nil], "x": 1]
    #expect(a == b && a.hashValue == b.hashValue && a != ["x": 1] && a != ["x": 1, "z": [true, nil]])
  }

  @Test func reachesInto() {
    var value: JSONValue = ["a": [1, ["b": "c"]], "n": 2]
    #expect(value["a"]?[1]?["b"]?.stringValue == "c")
    #expect(value["a"]?[2] == nil && value["a"]?["b"] == nil && value["x"] == nil)
    #expect(value["n"]?.integerValue == 2 && value["n"]?.boolValue == nil)
    value["n"] = nil
    value["m"] = "new"
    #expect(value.description == #"{"a":[1,{"b":"c"}],"m":"new"}"#)
  }

  @Test func numbers() {
    #expect(JSONNumber(UInt64.max) == .unsigned(.max))
    #expect(JSONNumber(Int64.min) == .integer(.min))
    #expect(JSONNumber(2.0)?.description == "2")
    #expect(JSONNumber(-0.0)?.description == "-0.0")
    #expect(JSONNumber(0.1)?.description == "0.1")
    #expect(JSONNumber(Double.nan) == nil && JSONNumber(-Double.infinity) == nil)
    #expect(JSONNumber.literal("1.5e3").double == 1500)
    #expect(JSONNumber.literal("1.0").integer(Int.self) == nil)
    #expect(JSONNumber.literal("-0").integer(Int.self) == 0)
    #expect(JSONNumber.integer(300).integer(UInt8.self) == nil)
  }

  @Test func prettyText() {
    let value: JSONValue = ["b": [], "a": [1, ["x": nil]], "c": [:]]
    let text = """
      {
        "b": [],
        "a": [
          1,
          {
            "x": null
          }
        ],
        "c": {}
      }
      """
    #expect(String(decoding: value.serialized(pretty: true), as: UTF8.self) == text)
    #expect(String(decoding: value.serialized(sortedKeys: true), as: UTF8.self) == #"{"a":[1,{"x":null}],"b":[],"c":{}}"#)
  }
}
