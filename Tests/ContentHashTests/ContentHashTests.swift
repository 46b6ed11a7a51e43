import ContentHash
import Linux
import OCIImageSpec
import SystemPackage
import Testing

@Test func emptyInputHasThePublishedDigests() {
  #expect(contentDigest(of: []).description == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  #expect(
    contentDigest(of: [], .sha512).encoded
      == "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e")
}

@Test func piecesHashAsTheWhole() {
  var hasher = ContentHasher()
  for piece in ["a", "", "bc"] { hasher.update(Array(piece.utf8)) }
  #expect(hasher.finish() == Digest("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
}

@Test func aFileHashesAsItsBytes() throws {
  let file = try openFile("/tmp", [.readWrite, .temporaryFile])
  let content = [UInt8](repeating: 7, count: 600_001)
  try file.writeAll(content)
  let again = try openFile(file.procPath, .readOnly)
  let (digest, size) = try contentDigest(of: again)
  #expect(size == 600_001)
  #expect(digest == contentDigest(of: content))
}

@Test(arguments: [
  "", "sha256", "sha256:", "md5:d41d8cd98f00b204e9800998ecf8427e", "sha256:ABC",
  "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
  "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85", "sha256:../../../../../../../../../../../../../etc/passwd",
])
func whatIsNotADigestIsRefused(_ text: String) { #expect(Digest(text) == nil) }
