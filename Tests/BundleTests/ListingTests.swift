import JSON
import Linux
import Testing

@testable import Bundle

@Suite struct ListingTests {
  @Test func portsAreGrouped() {
    func port(_ container: UInt16, _ host: UInt16? = nil, _ transport: String = "tcp", ip: String = "0.0.0.0") -> ShownPort {
      ShownPort(hostIP: host == nil ? "" : ip, hostPort: host, containerPort: container, transport: transport)
    }
    #expect(portsColumn([]) == "")
    #expect(portsColumn([port(80)]) == "80/tcp")
    #expect(portsColumn([port(80, 4000)]) == "0.0.0.0:4000->80/tcp")
    #expect(portsColumn([port(80, 80), port(81, 81), port(82, 82)]) == "0.0.0.0:80-82->80-82/tcp")
    #expect(portsColumn([port(80), port(81), port(83), port(53, nil, "udp")]) == "80-81/tcp, 53/udp, 83/tcp")
    #expect(portsColumn([port(443), port(80, 8080), port(53, 53, "udp")]) == "0.0.0.0:53->53/udp, 443/tcp, 0.0.0.0:8080->80/tcp")
    #expect(portsColumn([port(80, 80), port(80, 80, ip: "10.0.0.1")]) == "0.0.0.0:80->80/tcp, 10.0.0.1:80->80/tcp")
  }

  @Test func textsAreCut() {
    #expect(ellipsis("sh -c 'echo hello world'", 20) == "sh -c 'echo hello w…")
    #expect(ellipsis("12345678901234567890", 20) == "12345678901234567890")
    #expect(goTime(Timestamp(seconds: 1_763_720_821)) == "2025-11-21 10:27:01 +0000 UTC")
    #expect(shortID("sha256:0123456789abcdef") == "0123456789ab")
  }

  @Test func identifiersAreNoNumbers() {
    for _ in 0..<200 {
      let id = newContainerID()
      #expect(isContainerID(id) && !id.prefix(12).allSatisfy(\.isNumber))
    }
  }

  @Test func namesAreNames() throws {
    for attempt in 0..<200 {
      let name = ContainerName.random(attempt: attempt % 2)
      try checkContainerName(name)
      #expect(name.split(separator: "_").count == 2 && !name.hasPrefix("boring_wozniak"))
    }
  }

  @Test func resolverFiles() {
    let host = "# c\nsearch a.org b.org\nnameserver 127.0.0.53\nnameserver 10.0.0.1\noptions edns0\n"
    func text(_ servers: [String] = [], _ search: [String] = [], shared: Bool = false) -> String {
      NameFiles.resolverConfiguration(host: host, servers: servers, search: search, options: [], sharesNetwork: shared)
    }
    #expect(text() == "nameserver 10.0.0.1\nsearch a.org b.org\noptions edns0\n")
    #expect(text(["9.9.9.9"], ["."]) == "nameserver 9.9.9.9\noptions edns0\n")
    #expect(text(shared: true).hasPrefix("nameserver 127.0.0.53\n"))
    let lonely = NameFiles.resolverConfiguration(host: "nameserver ::1\n", servers: [], search: [], options: [], sharesNetwork: false)
    #expect(lonely == "nameserver 8.8.8.8\nnameserver 8.8.4.4\n")
  }

  @Test(arguments: ["odd=1", "status=odd", "exited=x", "publish=x", "health=fine", "novalue"])
  func wrongFilters(_ text: String) {
    #expect(throws: BundleError.self) { try ContainerFilters([text]) }
  }
}
