import Linux
import SystemPackage
import Testing

@testable import Bundle

@Suite struct PortTests {
  /// Every row of the corpus: whether docker takes the value, and its error.
  @Test(.enabled(if: Environment["TOTE_CORPORA"] != nil, "TOTE_CORPORA is not set"))
  func agreesWithDocker() throws {
    let corpus = FilePath(Environment["TOTE_CORPORA"] ?? "").appending("ports/port-vectors.tsv")
    let rows = String(decoding: try readFile(corpus), as: UTF8.self).split(separator: "\n").dropFirst()
    #expect(rows.count > 40)
    for row in rows {
      let columns = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      let spec = String(columns[0].dropFirst().dropLast())
      do {
        let mappings = try portMappings(spec)
        #expect(columns[1] == "0", "\(spec) is taken")
        for mapping in mappings {
          #expect(columns[2].contains("\"\(mapping.exposed)\""), "\(spec) gives \(mapping)")
          #expect(columns[2].contains("\"HostIp\":\"\(mapping.hostIP)\""), "\(spec) gives \(mapping)")
          #expect(columns[2].contains("\"HostPort\":\"\(mapping.hostPort)\""), "\(spec) gives \(mapping)")
        }
      } catch {
        #expect(columns[1] == "125", "\(spec): \(error)")
        #expect(columns[2] == "docker: \(error).", "\(spec)")
      }
    }
  }

  @Test func exposedRanges() throws {
    #expect(try exposedPorts("8000-8002/udp") == ["8000/udp", "8001/udp", "8002/udp"])
    #expect(try exposedPorts("80") == ["80/tcp"])
    #expect(throws: BundleError.self) { try exposedPorts("80/icmp") }
    #expect(throws: BundleError.self) { try exposedPorts("9-8") }
  }

  @Test func addresses() {
    for address in ["1.2.3.4", "::", "::1", "fe80::1:2", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1::"] { #expect(isIPAddress(address)) }
    for address in ["", "1.2.3", "1.2.3.256", "01.2.3.4", ":", ":::", "1:2:3:4:5:6:7:8:9", "g::", "1::2::3", "1.2.3.4::"] {
      #expect(!isIPAddress(address), "\(address)")
    }
    #expect(isHardwareAddress("02:42:ac:11:00:02"))
    #expect(!isHardwareAddress("02:42:ac:11:00"))
  }
}
