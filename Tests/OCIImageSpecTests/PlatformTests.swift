import OCIImageSpec
import Testing

@Suite struct PlatformTests {
  @Test(arguments: [
    ("linux/amd64", "linux/amd64"), ("linux/x86_64", "linux/amd64"), ("Linux/AMD64", "linux/amd64"), ("linux/amd64/v1", "linux/amd64"),
    ("linux/amd64/v3", "linux/amd64/v3"), ("linux/arm64", "linux/arm64/v8"), ("linux/aarch64", "linux/arm64/v8"),
    ("linux/arm64/8", "linux/arm64/v8"), ("linux/arm", "linux/arm/v7"), ("linux/arm/v6", "linux/arm/v6"), ("linux/armhf", "linux/arm/v7"),
    ("linux/armel", "linux/arm/v6"), ("linux/i386", "linux/386"), ("arm64", "linux/arm64/v8"), ("riscv64", "linux/riscv64"),
    ("macos/arm64", "darwin/arm64/v8"), ("windows/amd64", "windows/amd64"), ("linux", Platform.host.description),
  ])
  func reads(text: String, canonical: String) { #expect(Platform(text)?.description == canonical) }

  @Test(arguments: ["", "/", "linux/", "/amd64", "linux/amd64/", "a/b/c/d", "toaster", "linux/am d64", "linux/é"])
  func refuses(text: String) { #expect(Platform(text) == nil) }

  private func rank(_ host: String, _ image: String) throws -> Int? {
    try #require(Platform(host)).rank(of: try #require(Platform(image)))
  }

  @Test func earlierGenerationsRunButRankLower() throws {
    #expect(try rank("linux/amd64", "linux/amd64") == 0)
    #expect(try rank("linux/amd64", "linux/amd64/v2") == nil)
    #expect(try rank("linux/amd64", "linux/386") == 1)
    #expect(try rank("linux/amd64/v3", "linux/amd64/v3") == 0)
    #expect(try rank("linux/amd64/v3", "linux/amd64") == 2)
    #expect(try rank("linux/arm64", "linux/arm64") == 0)
    #expect(try rank("linux/arm64", "linux/arm/v7") == 2)
    #expect(try rank("linux/arm/v6", "linux/arm/v7") == nil)
    #expect(try rank("linux/arm/v7", "linux/arm/v6") == 1)
    #expect(try rank("linux/amd64", "windows/amd64") == nil)
    #expect(try rank("linux/amd64", "linux/arm64") == nil)
    #expect(try rank("linux/s390x", "linux/s390x") == 0)
    #expect(Platform(os: "linux", architecture: "arm64").matches(Platform(os: "linux", architecture: "arm64", variant: "v8")))
    #expect(!Platform(os: "linux", architecture: "amd64").matches(Platform(os: "unknown", architecture: "unknown")))
  }

  @Test func indexChoosesTheBest() throws {
    func descriptor(_ number: Int, _ platform: String?) throws -> Descriptor {
      let digest = Digest(.sha256, bytes: Array(repeating: UInt8(number), count: 32))
      return Descriptor(mediaType: .imageManifest, digest: digest, size: 1, platform: platform.flatMap { Platform($0) })
    }
    let index = ImageIndex(manifests: [
      try descriptor(0, "linux/386"), try descriptor(1, nil), try descriptor(2, "linux/amd64"), try descriptor(3, "linux/arm/v6"),
      try descriptor(4, "linux/arm/v7"), try descriptor(5, "linux/amd64"),
    ])
    func choice(_ platform: String) throws -> Descriptor? { index.manifest(for: try #require(Platform(platform))) }
    #expect(try choice("linux/amd64") == index.manifests[2])
    #expect(try choice("linux/arm") == index.manifests[4])
    #expect(try choice("linux/386") == index.manifests[0])
    #expect(try choice("linux/s390x") == index.manifests[1])
    #expect(ImageIndex().manifest(for: .host) == nil)
  }
}
