import JSON
import Linux
import SystemPackage
import Testing

@testable import Network

@Suite struct PortSpecificationTests {
  private func bindings(_ text: String) throws -> [String] {
    try PortSpecification.parse(text).map { "\($0.containerPort)/\($0.transport) \($0.hostIP):\($0.hostPortText)" }
  }

  @Test(arguments: [
    ("80", ["80/tcp :"]), ("8080:80/UDP", ["80/udp :8080"]), ("[::1]::80", ["80/tcp ::1:"]), ("0:80", ["80/tcp :0"]),
    ("8000-8002:80", ["80/tcp :8000-8002"]), ("8000-8001:80-81", ["80/tcp :8000", "81/tcp :8001"]),
    ("127.0.0.1::80-81/sctp", ["80/sctp 127.0.0.1:", "81/sctp 127.0.0.1:"]), ("08080:080", ["80/tcp :8080"]),
    ("target=80,published=8080,protocol=udp,mode=host", ["80/udp :8080"]), ("TARGET=80", ["80/tcp :0"]),
    ("65535:65535", ["65535/tcp :65535"]),
    ("80/", ["80/tcp :"]),
  ])
  func accepts(text: String, wanted: [String]) throws {
    #expect(try bindings(text) == wanted)
  }

  @Test(arguments: [
    ("80/icmp", "Invalid proto: icmp"), ("8080:", "No port specified: 8080:<empty>"), ("65536:80", "Invalid hostPort: 65536"),
    ("80:+1", "Invalid containerPort: +1"), ("8002-8000:80", "Invalid hostPort: 8002-8000"),
    ("8000:80-82", "Invalid ranges specified for container and host Ports: 80-82 and 8000"),
    ("::1:8080:80", "Invalid ip address ::1: address ::1:: too many colons in address"),
    ("[::1:8080:80", "Invalid ip address [::1: address [::1:: missing ']' in address"), ("[::1%lo]:80:80", "Invalid ip address: ::1%lo"),
    ("localhost:80:80", "Invalid ip address: localhost"), ("published=80", "missing mandatory field \"target\""),
    ("target=x", "invalid target port (x): value must be an integer: invalid syntax"),
    ("target=80,published=65536", "invalid published port (65536): value must be an integer: value out of range"),
    ("target=80,colour=red", "invalid field key colour"), ("target=80,protocol=icmp", "invalid protocol value icmp"),
    ("target=80,8080", "invalid field 8080"),
  ])
  func refuses(text: String, wanted: String) {
    let error = #expect(throws: NetworkError.self) { try PortSpecification.parse(text) }
    #expect(error?.description == wanted)
  }

  @Test func exposed() throws {
    #expect(try PortSpecification.parseExposed("80-81/udp").map(\.containerPort) == [80, 81])
    #expect(throws: NetworkError.self) { try PortSpecification.parseExposed("80:80") }
    #expect(throws: NetworkError.self) { try PortSpecification.parseExposed("") }
  }

  /// docker's answers to the corpus of `-p` values.
  @Test(.enabled(if: vectors != nil, "the corpus ports/port-vectors.tsv is not there"))
  func corpus() throws {
    let lines = try #require(vectors).split(separator: "\n").dropFirst()
    #expect(lines.count > 40)
    for line in lines {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      let text = String(fields[0].dropFirst().dropLast())  // in single quotes
      if fields[1] == "0" {
        let wanted = try JSONValue(parsing: String(fields[2].prefix { $0 != " " }))
        #expect(dockerBindings(try PortSpecification.parse(text)) == wanted, "\(text)")
      } else {
        let error = #expect(throws: NetworkError.self, "\(text)") { try PortSpecification.parse(text) }
        #expect("docker: \(error?.description ?? "")." == fields[2])
      }
    }
  }

  private func dockerBindings(_ specifications: [PortSpecification]) -> JSONValue {
    var bindings = JSONObject()
    for one in specifications {
      let key = "\(one.containerPort)/\(one.transport)"
      let binding: JSONValue = ["HostIp": .string(one.hostIP), "HostPort": .string(one.hostPortText)]
      bindings[key] = .array((bindings[key]?.arrayValue ?? []) + [binding])
    }
    return .object(bindings)
  }
}

/// The corpus's file; nil where it is absent.
private let vectors: String? = {
  let top = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
  let corpora = Environment["TOTE_CORPORA"].map { FilePath($0) } ?? top.removingLastComponent().appending("shared/corpora")
  return (try? readFile(corpora.appending("ports/port-vectors.tsv"))).map { String(decoding: $0, as: UTF8.self) }
}()
