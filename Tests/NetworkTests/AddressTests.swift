import Testing

@testable import Network

@Suite struct AddressTests {
  @Test(arguments: ["0.0.0.0", "127.0.0.1", "255.255.255.255", "172.30.0.2"])
  func reads(text: String) throws {
    #expect(try #require(IPv4Address(text)).description == text)
  }

  @Test(arguments: ["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.04", "1.2.3.-4", "1.2.3. 4", "1..2.3", "0x1.2.3.4", "1.2.3.4\n"])
  func refuses(text: String) {
    #expect(IPv4Address(text) == nil)
  }

  @Test func subnets() throws {
    let subnet = try #require(IPv4Subnet("172.30.0.0/16"))
    #expect(subnet.last.description == "172.30.255.255")
    #expect(subnet.contains(try #require(IPv4Address("172.30.255.1"))))
    #expect(!subnet.contains(try #require(IPv4Address("172.31.0.1"))))
    #expect(subnet.overlaps(try #require(IPv4Subnet("172.30.4.0/24"))))
    #expect(subnet.overlaps(try #require(IPv4Subnet("0.0.0.0/0"))))
    #expect(!subnet.overlaps(try #require(IPv4Subnet("172.29.0.0/16"))))
    #expect(try #require(IPv4Subnet("10.0.0.4/30")).hosts == 0x0a00_0005...0x0a00_0006)
    #expect(try #require(IPv4Subnet("10.0.0.4/31")).hosts == nil)
  }

  @Test(arguments: ["172.30.0.1/16", "172.30.0.0", "172.30.0.0/33", "172.30.0.0/-1", "172.30.0.0/", "172.30.0.0/+16", "a/16"])
  func refusesSubnet(text: String) {
    #expect(IPv4Subnet(text) == nil)
  }

  @Test func hardwareAddresses() throws {
    #expect(MACAddress(for: try #require(IPv4Address("172.30.0.2"))).description == "02:42:ac:1e:00:02")
    #expect(MACAddress("02:42:AC:1E:00:02")?.description == "02:42:ac:1e:00:02")
    #expect(MACAddress("01:00:5e:00:00:01")?.isMulticast == true)
    for text in ["02:42:ac:1e:00", "02:42:ac:1e:00:0g", "02:42:ac:1e:00:+2", "2:42:ac:1e:00:02:1"] { #expect(MACAddress(text) == nil) }
  }

  @Test(arguments: [
    ("::1", true), ("::", true), ("2001:db8::1", true), ("1:2:3:4:5:6:7:8", true), ("::ffff:1.2.3.4", true), ("1::", true),
    ("1:2:3:4:5:6:7:8:9", false), (":1", false), ("1:", false), (":::", false), ("1::2::3", false), ("12345::", false), ("::1%eth0", false),
    ("1:2:3:4:5:6:7", false), ("::g", false), ("", false), ("::1.2.3", false),
  ])
  func ipv6(text: String, isValid: Bool) {
    #expect((IPv6Address(text) != nil) == isValid)
  }

  @Test func subnetChoiceAvoidsRoutes() throws {
    let all = SubnetChoice.candidates
    #expect(SubnetChoice.first(free: []) == IPv4Subnet("172.30.0.0/16"))
    #expect(SubnetChoice.first(free: [try #require(IPv4Subnet("172.30.5.0/24"))]) == IPv4Subnet("172.31.0.0/16"))
    #expect(SubnetChoice.first(free: all) == nil)
    #expect(SubnetChoice.first(free: Array(all.dropLast()), start: 3) == all.last)
  }
}
