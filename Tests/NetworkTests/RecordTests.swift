import JSON
import Linux
import SystemPackage
import Testing

@testable import Network

@Suite struct RecordTests {
  @Test func networksSurviveTheirFile() throws {
    let subnet = try #require(IPv4Subnet("10.9.0.0/16"))
    let network = NetworkDefinition(name: "front", subnet: subnet, isInternal: true, mtu: 1400, labels: ["a": "b", "c": ""])
    let again = try NetworkDefinition(JSONValue(parsing: network.json.serialized()), file: FilePath("x"))
    #expect(again == network)
    #expect(again.gateway.description == "10.9.0.1")
    #expect(again.identifier.utf8.count == 64)
  }

  @Test func aBrokenNetworkFileIsAnError() {
    let error = #expect(throws: NetworkError.self) { try NetworkDefinition(["name": "x"], file: FilePath("/n/x.json")) }
    #expect(error?.description.contains("/n/x.json") == true)
  }

  @Test(arguments: ["", ".x", "-x", "a/b", "a b", "a\nb", "..", String(repeating: "a", count: 241)])
  func namesThatWouldLeaveTheirDirectoryAreRefused(name: String) {
    #expect(!isValidName(name))
  }

  @Test(arguments: ["a", "1fa4ab2cf395", "front_end.1-2", "a+b"])
  func namesThatAreFine(name: String) {
    #expect(isValidName(name))
  }

  @Test func aHooksStateIsRead() throws {
    let state = try ContainerState(Array(#"{"ociVersion":"1.2.0","id":"web","status":"creating","pid":12,"bundle":"/b"}"#.utf8))
    #expect(state.identifier == "web")
    #expect(try state.namespacePath() == FilePath("/proc/12/ns/net"))
    let stopped = try ContainerState(Array(#"{"id":"web","status":"stopped","pid":0}"#.utf8))
    #expect(throws: NetworkError.self) { try stopped.namespacePath() }
    for text in ["", "{}", #"{"id":7}"#, #"{"id":"../x"}"#] {
      #expect(throws: NetworkError.self) { try ContainerState(Array(text.utf8)) }
    }
  }

  @Test func publishedPortsSurviveTheirFile() throws {
    let directory = FilePath("/tmp/tote-network-tests-\(UInt64.random(in: .min ... .max))")
    defer { try? removeTree(directory) }
    let table = PortTable(directory)
    #expect(try table.read().isEmpty)
    let lock = try table.lock()
    let ports = (1...3).map { PublishedPort(.udp, host: .any, $0, to: IPv4Address(rawValue: 7), 80, owner: "web") }
    try table.write(ports)
    #expect(try table.read() == ports)
    #expect(
      String(decoding: try readFile(directory.appending("ports/published")), as: UTF8.self).hasPrefix("udp 0.0.0.0 1 0.0.0.7 80 web\n"))
    try table.write([])
    #expect(try table.read().isEmpty)
    try replaceFile(directory.appending("ports/published"), with: Array("tcp 0.0.0.0 70000 1.2.3.4 80 web\n".utf8))
    #expect(throws: NetworkError.self) { try table.read() }
    _ = lock
  }
}
