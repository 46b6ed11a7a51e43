import ImageStore
import Linux
import OCIImageSpec
import Testing

@Suite struct NameTests {
  let temporary: TemporaryStore
  var store: ImageStore { temporary.store }

  init() throws { temporary = try TemporaryStore() }

  @Test func namesAreFullInTheIndex() throws {
    let target = try temporary.add("bb:1")
    let entry = try #require(try store.entries().first)
    #expect(entry.digest == target.digest)
    #expect(entry.annotations?[Annotation.refName] == "docker.io/library/bb:1")
    #expect(entry.annotations?[Annotation.containerdImageName] == "docker.io/library/bb:1")
  }

  @Test func whatAPersonTypesIsFound() throws {
    let target = try temporary.add("bb:1")
    try store.tag("bb:1", as: try Reference("localhost:5000/me/bb"))
    let image = try store.resolve("bb:1").image
    #expect(image.names.map(\.familiarDescription) == ["bb:1", "localhost:5000/me/bb:latest"])
    let id = image.id
    for typed in [
      "docker.io/library/bb:1", "localhost:5000/me/bb", "bb@\(target.digest)", "\(id)", id.encoded, String(id.encoded.prefix(12)),
      "sha256:" + id.encoded.prefix(5), "\(target.digest)",
    ] { #expect(try store.resolve(typed).image.id == id, "\(typed)") }
    #expect(try store.resolve("bb:1").name?.familiarDescription == "bb:1")
    #expect(try store.resolve(id.encoded).name == nil)
  }

  @Test(arguments: [
    ("bb", "No such image: bb:latest"), ("nope:2", "No such image: nope:2"), ("abcdef", "No such image: abcdef:latest"),
    ("sha256:abc", "No such image: sha256:abc"),
    ("BAD", "invalid reference 'BAD': invalid reference format: repository name (library/BAD) must be lowercase"),
    ("bb:1:2", "invalid reference 'bb:1:2': invalid reference format"),
  ])
  func whatIsNotThere(_ typed: String, _ message: String) throws {
    try temporary.add("bb:1")
    let error = try #require(throws: ImageStoreError.self) { try store.resolve(typed) }
    #expect(error.description == message)
  }

  @Test func aNameMoves() throws {
    let first = try temporary.add("bb:1", layers: ["a"])
    let second = try temporary.add("bb:1", layers: ["b"])
    #expect(try store.resolve("bb:1").image.target.digest == second.digest)
    let listing = try store.list()
    #expect(listing.images.map(\.isDangling).sorted { !$0 && $1 } == [false, true])
    #expect(listing.images.first(where: \.isDangling)?.target.digest == first.digest)
    // It gets a name again: the nameless entry goes.
    try store.tag("\(listing.images.first(where: \.isDangling)?.id.description ?? "")", as: try Reference("old:1"))
    #expect(try store.entries().count == 2)
    #expect(try store.resolve("old:1").image.target.digest == first.digest)
  }

  @Test func aNameOfTheSameImageIsGivenOnce() throws {
    try temporary.add("bb:1")
    try temporary.add("bb:1")
    try store.tag("bb:1", as: try Reference("bb:1"))
    #expect(try store.entries().count == 1)
  }

  @Test func platformsArePicked() throws {
    let others = [Platform(os: "linux", architecture: "s390x"), .host]
    try temporary.addIndex("multi", others)
    #expect(try store.resolve("multi").image.configuration.platform == .host)
    #expect(try store.resolve("multi", platform: others[0]).image.configuration.architecture == "s390x")
    let error = try #require(throws: ImageStoreError.self) {
      try store.resolve("multi", platform: Platform(os: "linux", architecture: "riscv64"))
    }
    #expect(error.description.hasPrefix("image 'multi' is not there for platform 'linux/riscv64'; it is for: linux/s390x"))
    // Of an index whose best manifest was not fetched, what is there is taken.
    let best = try store.resolve("multi").image.descriptor.digest
    try removeFile(store.blobPath(best))
    #expect(try store.resolve("multi").image.configuration.architecture == "s390x")
  }

  @Test func theSingleImageOfAnotherPlatformIsRefusedOnlyWhenAsked() throws {
    try temporary.add("other", platform: Platform(os: "linux", architecture: "s390x"))
    #expect(try store.resolve("other").image.configuration.architecture == "s390x")
    #expect(throws: ImageStoreError.self) { try store.resolve("other", platform: .host) }
  }
}
