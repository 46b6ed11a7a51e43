import Testing

@testable import Network

@Suite struct PortChoiceTests {
  private let address = IPv4Address(rawValue: 0xac1e_0002)
  private func port(_ host: String, _ number: UInt16, _ transport: TransportProtocol = .tcp) throws -> PublishedPort {
    PublishedPort(transport, host: try #require(HostAddress(host)), number, to: address, 80, owner: "web")
  }

  @Test func overlaps() throws {
    #expect(try port("0.0.0.0", 4000).overlaps(port("127.0.0.1", 4000)))
    #expect(try port("127.0.0.1", 4000).overlaps(port("0.0.0.0", 4000)))
    #expect(try !port("127.0.0.1", 4000).overlaps(port("127.0.0.2", 4000)))
    #expect(try !port("0.0.0.0", 4000, .udp).overlaps(port("0.0.0.0", 4000)))
    #expect(try !port("0.0.0.0", 4001).overlaps(port("0.0.0.0", 4000)))
  }

  @Test func namesTheContainerThatHasThePort() throws {
    var choice = PortChoice([try port("0.0.0.0", 65_001)])
    let error = #expect(throws: NetworkError.self) {
      try choice.choose(PortSpecification(.tcp, containerPort: 80, hostPorts: 65_001...65_001), to: address, owner: "two")
    }
    #expect(error?.description == "Bind for 0.0.0.0:65001 failed: port is already allocated (by container 'web')")
    #expect(error?.kind == .conflict)
  }

  @Test func takesTheFirstFreeOfARange() throws {
    var choice = PortChoice([try port("0.0.0.0", 65_001), try port("127.0.0.1", 65_002)])
    let specification = PortSpecification(.tcp, containerPort: 80, hostPorts: 65_001...65_003)
    #expect(try choice.choose(specification, to: address, owner: "two").map(\.port.hostPort) == [65_003, 65_003])
    let error = #expect(throws: NetworkError.self) { try choice.choose(specification, to: address, owner: "two") }
    #expect(error?.description == "Bind for 0.0.0.0:65001-65003 failed: all ports are allocated")
  }

  @Test func familiesAreApart() throws {
    #expect(try !port("::", 4000).overlaps(port("0.0.0.0", 4000)))
    #expect(try port("::", 4000).overlaps(port("::1", 4000)))
    var choice = PortChoice([])
    let chosen = try choice.choose(PortSpecification(.udp, containerPort: 80), to: address, owner: "two").map(\.port)
    #expect(chosen.map(\.hostAddress) == [.any, .anyIPv6])
    #expect(Set(chosen.map(\.hostPort)).count == 1)
    let kept = try choice.choose(PortSpecification(.udp, containerPort: 80), to: address, owner: "two", isKept: false)
    #expect(kept.map(\.port.hostAddress) == [.any])
  }

  @Test func randomPortsDiffer() throws {
    var choice = PortChoice([])
    let chosen = try (0..<50).map { _ in
      try choice.choose(PortSpecification(.udp, containerPort: 80), to: address, owner: "two")[0].port.hostPort
    }
    #expect(Set(chosen).count == 50)
    #expect(chosen.allSatisfy { $0 >= 1024 })
  }

  @Test func refusesWhatCannotBePublished() {
    var choice = PortChoice([])
    #expect(throws: NetworkError.self) { try choice.choose(PortSpecification(.tcp, containerPort: 0), to: address, owner: "two") }
    let error = #expect(throws: NetworkError.self) {
      try choice.choose(PortSpecification(.tcp, containerPort: 80, hostIP: "::1"), to: address, owner: "two", isKept: false)
    }
    #expect(error?.description.contains("'::1'") == true)
  }

  @Test func findsListenersInTheKernelsTable() {
    let table = """
        sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
         0: 0100007F:0FA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0000000000000000 100 0 0 10 0
         1: 0100007F:0FA0 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4243 1 0000000000000000 100 0 0 10 0
         2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4244 1 0000000000000000 100 0 0 10 0
      """
    #expect(SocketOwner.listeners(table, .tcp, 4000) == ["4242"])
    #expect(SocketOwner.listeners(table, .tcp, 80) == ["4244"])
    #expect(SocketOwner.listeners(table, .tcp, 81).isEmpty)
    #expect(SocketOwner.listeners("", .udp, 80).isEmpty)
  }
}
