import Linux
import SystemPackage
import Testing

@testable import Registry

@Suite struct CredentialFileTests {
  let path: FilePath

  init() throws {
    path = FilePath("/tmp/tote-credentials-\(UInt64.random(in: .min ... .max))").appending("config.json")
    try makeDirectories(path.removingLastComponent())
  }

  @Test func whatIsStoredIsReadBackAndTheRestSurvives() throws {
    try replaceFile(path, with: Array(#"{"psFormat":"x","auths":{"other":{"auth":"YTpi"}}}"#.utf8))
    var file = try CredentialFile(path)
    let credential = Credential.password(user: "me", password: "a:b c")
    try file.store(credential, for: RegistryHost("127.0.0.1:5000"))
    let again = try CredentialFile(path)
    #expect(try again.credential(for: RegistryHost("127.0.0.1:5000")) == credential)
    #expect(try again.credential(for: RegistryHost("other")) == .password(user: "a", password: "b"))
    #expect(String(decoding: try readFile(path), as: UTF8.self).contains("psFormat"))
    #expect(try fileStatus(path).permissions == 0o600)
    #expect(try file.erase(RegistryHost("127.0.0.1:5000")))
    #expect(try CredentialFile(path).credential(for: RegistryHost("127.0.0.1:5000")) == nil)
    try removeTree(path.removingLastComponent())
  }

  @Test func schemesAndPathsOfOldKeysDoNotCount() throws {
    try replaceFile(path, with: Array(#"{"auths":{"https://registry.example/v1/":{"auth":"YTpi"}}}"#.utf8))
    #expect(try CredentialFile(path).credential(for: RegistryHost("registry.example")) == .password(user: "a", password: "b"))
    #expect(try CredentialFile(path).credential(for: RegistryHost("evil.registry.example")) == nil)
    try removeTree(path.removingLastComponent())
  }

  @Test func theLongestPathGoesFirst() throws {
    try replaceFile(path, with: Array(#"{"auths":{"r.example":{"auth":"YTpi"},"r.example/team":{"auth":"Yzpk"}}}"#.utf8))
    let file = try CredentialFile(path)
    #expect(try file.credential(for: RegistryHost("r.example"), path: "team/app") == .password(user: "c", password: "d"))
    #expect(try file.credential(for: RegistryHost("r.example"), path: "teams/app") == .password(user: "a", password: "b"))
    try removeTree(path.removingLastComponent())
  }

  @Test func aDamagedFileIsNamed() throws {
    try replaceFile(path, with: Array("{".utf8))
    #expect(throws: RegistryError.self) { _ = try CredentialFile(path) }
    try removeTree(path.removingLastComponent())
  }

  @Test func secretsAreNotPrinted() {
    #expect("\(Credential.password(user: "me", password: "hunter2"))" == "password of 'me'")
    #expect(!"\(Credential.identityToken("hunter2"))".contains("hunter2"))
  }
}
