import JSON
import OCIRuntimeSpec
import Testing

@Suite struct StateTests {
  @Test func isWhatHooksExpect() throws {
    let state = State(
      ociVersion: .current, id: "web", status: .created, pid: 7, bundle: "/b", annotations: ["k2": "v", "k1": "w"])
    let text = #"{"ociVersion":"1.3.0","id":"web","status":"created","pid":7,"bundle":"/b","annotations":{"k1":"w","k2":"v"}}"#
    #expect(String(decoding: try encodeJSON(state), as: UTF8.self) == text)
    #expect(try decodeJSON(State.self, from: Array(text.utf8)) == state)
    let message = ContainerProcessState(
      ociVersion: .current, fds: [ContainerProcessState.seccompFdName], pid: 8, state: state)
    #expect(
      String(decoding: try encodeJSON(message), as: UTF8.self)
        == #"{"ociVersion":"1.3.0","fds":["seccompFd"],"pid":8,"state":\#(text)}"#)
  }

  @Test func unknownStatusIsRefused() throws {
    let error = try #require(throws: JSONError.self) {
      try decodeJSON(State.self, from: ["ociVersion": "1.0.0", "id": "a", "status": "gone", "bundle": "/b"])
    }
    #expect(error.description == "status: unknown value 'gone'")
  }

  @Test(arguments: ["1.0.0", "1.3.0", "1.0.2-dev", "1.0.0-rc5", "1.99.0+build.1", "1.2.3-a.b-c.4+d"])
  func versionsUnderstood(text: String) throws { #expect(try OCIVersion(text).description == text) }

  @Test(arguments: [
    "", "1", "1.0", "1.0.0.0", "0.9.0", "2.0.0", "10.0.0", "v1.0.0", "1.0.x", "1.0.0-", "1.01.0", "1.0.0-a..b", "1.-1.0", " 1.0.0",
    "1.0.0\n",
  ])
  func versionsRefused(text: String) { #expect(throws: OCIVersion.Unsupported.self) { try OCIVersion(text) } }

  @Test func features() throws {
    var linux = LinuxFeatures()
    linux.namespaces = ["pid"]
    linux.cgroup = LinuxFeatures.Cgroup(v1: true, v2: true)
    linux.mountExtensions = LinuxFeatures.MountExtensions(idmap: LinuxFeatures.Enabled(enabled: true))
    let features = Features(ociVersionMin: "1.0.0", ociVersionMax: "1.3.0", hooks: ["poststop"], linux: linux)
    let text =
      #"{"ociVersionMin":"1.0.0","ociVersionMax":"1.3.0","hooks":["poststop"],"linux":{"namespaces":["pid"],"#
      + #""cgroup":{"v1":true,"v2":true},"mountExtensions":{"idmap":{"enabled":true}}}}"#
    #expect(String(decoding: try encodeJSON(features), as: UTF8.self) == text)
    #expect(try decodeJSON(Features.self, from: Array(text.utf8)) == features)
  }
}
