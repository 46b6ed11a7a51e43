import JSON
import Testing

private enum Colour: String, Codable { case red, green }

private struct Written: Decodable, Equatable {
  var name: String
  var colour: Colour
  var size: UInt16?
  var other: Colour?
  var list: [Written]?

  init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    name = try members.required("name")
    colour = try members.required("colour")
    size = try members.optional("size")
    other = try members.optional("other")
    list = try members.optional("list")
  }
}

@Suite struct MembersTests {
  @Test func readsWhatIsThere() throws {
    let value: JSONValue = [
      "name": "n", "colour": "red", "size": nil, "list": [["name": "m", "colour": "green", "size": 7, "other": "red"]],
    ]
    let written = try decodeJSON(Written.self, from: value)
    #expect(written.colour == .red && written.size == nil && written.other == nil)
    #expect(written.list?[0].size == 7 && written.list?[0].other == .red && written.list?[0].list == nil)
  }

  @Test(
    arguments: [
      (["name": "n"], "colour: missing"),
      (["name": 1, "colour": "red"], "name: expected a string, found 1"),
      (["name": "n", "colour": "blue"], "colour: unknown value 'blue'"),
      (["name": "n", "colour": "red", "other": "x"], "other: unknown value 'x'"),
      (["name": "n", "colour": "red", "other": 1], "other: expected a string, found 1"),
      (["name": "n", "colour": "red", "size": 65536], "size: 65536 is not an integer from 0 to 65535"),
      (["name": "n", "colour": "red", "list": [["colour": "red"]]], "list[0].name: missing"),
      (["x"], "expected an object, found an array"),
    ] as [(JSONValue, String)])
  func errorsCarryThePath(value: JSONValue, message: String) throws {
    let error = try #require(throws: JSONError.self) { try decodeJSON(Written.self, from: value) }
    #expect(error.description == message)
  }
}
