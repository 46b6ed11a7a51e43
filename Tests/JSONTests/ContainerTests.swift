import JSON
import Testing

/// Hand-written coding, by every container that the protocols know.
private struct ByHand: Codable, Equatable {
  var pair: [Int]
  var inner: String
  var base: String

  enum CodingKeys: String, CodingKey { case pair, nested, inner }

  init(pair: [Int], inner: String, base: String) {
    self.pair = pair
    self.inner = inner
    self.base = base
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    var list = try container.nestedUnkeyedContainer(forKey: .pair)
    pair = []
    while !list.isAtEnd {
      var element = try list.nestedUnkeyedContainer()
      pair.append(try element.decode(Int.self))
    }
    inner = try container.nestedContainer(keyedBy: CodingKeys.self, forKey: .nested).decode(String.self, forKey: .inner)
    base = try container.superDecoder().singleValueContainer().decode(String.self)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var list = container.nestedUnkeyedContainer(forKey: .pair)
    for number in pair {
      var element = list.nestedUnkeyedContainer()
      try element.encode(number)
    }
    var nested = container.nestedContainer(keyedBy: CodingKeys.self, forKey: .nested)
    try nested.encode(inner, forKey: .inner)
    var single = container.superEncoder().singleValueContainer()
    try single.encode(base)
  }
}

private struct Silent: Encodable { func encode(to encoder: any Encoder) {} }

@Suite struct ContainerTests {
  @Test func nestedAndSuperContainers() throws {
    let value = ByHand(pair: [1, 2], inner: "i", base: "b")
    let bytes = try encodeJSON(value)
    #expect(String(decoding: bytes, as: UTF8.self) == #"{"pair":[[1],[2]],"nested":{"inner":"i"},"super":"b"}"#)
    #expect(try decodeJSON(ByHand.self, from: bytes) == value)
  }

  @Test func nestedErrorsCarryThePath() throws {
    let error = try #require(throws: JSONError.self) {
      try decodeJSON(ByHand.self, from: ["pair": [[1], ["x"]], "nested": ["inner": "i"], "super": "b"])
    }
    #expect(error.description == "pair[1][0]: expected an integer, found 'x'")
  }

  @Test func encodingNothingIsAnError() {
    #expect(throws: JSONError(at: JSONPath([.index(1)]), "nothing was encoded")) {
      try encodeJSON([nil, Silent()] as [Silent?])
    }
  }
}
