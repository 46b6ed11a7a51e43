import JSON
import Testing

@Suite struct Base64Tests {
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ("{}", "e30="), ("me:pass?>~", "bWU6cGFzcz8+fg=="),
  ])
  func bothWays(text: String, base64: String) {
    #expect(Base64Bytes(Array(text.utf8)).base64 == base64)
    #expect(Base64Bytes(base64: base64)?.bytes == Array(text.utf8))
  }

  @Test func everyByte() {
    let bytes = Base64Bytes((0...255).map { UInt8($0) })
    #expect(Base64Bytes(base64: bytes.base64) == bytes)
  }

  @Test(arguments: ["Z", "Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm 9v", "Zm9v\n", "Zm9_"])
  func refuses(text: String) { #expect(Base64Bytes(base64: text) == nil) }

  @Test func inDocuments() throws {
    #expect(try encodeJSON(["data": Base64Bytes([123, 125])]) == Array(#"{"data":"e30="}"#.utf8))
    let error = try #require(throws: JSONError.self) { try decodeJSON([String: Base64Bytes].self, from: ["data": "e30"]) }
    #expect(error.description == "data: not base64")
  }
}
