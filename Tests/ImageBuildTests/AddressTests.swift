import OCIImageSpec
import SystemPackage
import Testing

@testable import ImageBuild

@Suite struct AddressTests {
  @Test(
    arguments: [
      ("https://h/r.git", "https://h/r.git", nil, nil), ("https://h/r.git#v1", "https://h/r.git", "v1", nil),
      ("git@h:r.git#:d/e", "git@h:r.git", nil, "d/e"), ("github.com/a/b#x:y", "https://github.com/a/b", "x", "y"),
      ("ssh://h/r?ref=a&subdir=b", "ssh://h/r", "a", "b"), ("https://h/r.git?tag=t", "https://h/r.git", "refs/tags/t", nil),
    ] as [(String, String, String?, String?)])
  func repositories(_ text: String, _ remote: String, _ reference: String?, _ directory: String?) throws {
    let found = try #require(try GitReference(text))
    #expect(found.remote == remote)
    #expect(found.reference == reference)
    #expect(found.subdirectory == directory)
  }

  @Test(arguments: ["https://h/r.tar.gz", "https://h/r", "./r.git", "r.git", "http://h/a.git/b"])
  func noRepositories(_ text: String) throws { #expect(try GitReference(text) == nil) }

  @Test(arguments: ["git://h/r#--upload-pack=x", "https://h/r.git?colour=red", "https://h/r.git?ref=a&tag=b"])
  func impossibleRepositories(_ text: String) {
    #expect(throws: BuildError.self) { try GitReference(text) }
  }

  @Test func outputs() throws {
    #expect(try BuildOutput("dir") == .local("dir"))
    #expect(try BuildOutput("-") == .tar(nil))
    #expect(try BuildOutput("type=tar,dest=-") == .tar(nil))
    #expect(try BuildOutput("type=oci,tar=false,dest=d") == .layout("d", names: []))
    #expect(try BuildOutput("type=docker") == .image(names: [], isPushed: false))
    #expect(try BuildOutput("type=registry,\"name=h/a,h/b\"") == .image(names: [try name("h/a"), try name("h/b")], isPushed: true))
    #expect(try BuildOutput("\"type=local\",\"dest=a,\"\"b\"\"\"") == .local("a,\"b\""))
    for text in ["", "type=local", "dest=x", "type=oci,tar=2", "type=x,dest=y"] {
      #expect(throws: BuildError.self) { try BuildOutput(text) }
    }
  }

  private func name(_ text: String) throws -> Reference { try Reference(text).withDefaultTag }
}
