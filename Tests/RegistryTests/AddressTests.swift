import Testing

@testable import Registry

@Suite struct AddressTests {
  @Test(arguments: ["127.0.0.1:5000", "localhost", "localhost:5000", "[::1]:5000", "127.8.9.1"])
  func loopbackIsThisMachine(_ name: String) {
    #expect(RegistryHost(name).isLoopback)
  }

  /// Names that only begin like an address are anybody's.
  @Test(arguments: ["127.0.0.1.example.com", "localhost.example.com", "10.0.0.1:5000", "docker.io", "127.0.0"])
  func othersAreNot(_ name: String) {
    #expect(!RegistryHost(name).isLoopback)
  }

  @Test func dockersOwnRegistryHasTwoOtherNames() {
    #expect(RegistryHost("docker.io").address == "registry-1.docker.io")
    #expect(RegistryHost("docker.io").credentialKey == "https://index.docker.io/v1/")
  }

  @Test(arguments: ["10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "127.0.0.1", "fe80::1", "fd00::1", "::1"])
  func privateAddresses(_ name: String) {
    #expect(isPrivateAddress(name))
  }

  @Test(arguments: ["1.1.1.1", "172.32.0.1", "example.com", "10.example.com", "2606:4700::1111"])
  func publicAddresses(_ name: String) {
    #expect(!isPrivateAddress(name))
  }
}
