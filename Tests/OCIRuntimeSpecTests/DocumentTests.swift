import JSON
import Linux
import OCIRuntimeSpec
import SystemPackage
import Testing

/// Tests/documents/config.json has every property of the specification, in its order: what we read and write again must be the same bytes.
func fullConfiguration() throws -> [UInt8] {
  let documents = FilePath(#filePath).removingLastComponent().removingLastComponent().appending("documents")
  return try readFile(documents.appending("config.json"))
}

@Suite struct DocumentTests {
  @Test func everyPropertySurvives() throws {
    let text = try fullConfiguration()
    let configuration = try decodeJSON(RuntimeConfiguration.self, from: text)
    let written = try encodeJSON(configuration, pretty: true) + [UInt8(ascii: "\n")]
    #expect(String(decoding: written, as: UTF8.self) == String(decoding: text, as: UTF8.self))
    #expect(configuration.linux?.namespaces?.map(\.type) == Namespace.Kind.allCases)
    #expect(configuration.process?.rlimits?.first == Process.Rlimit(type: .nofile, hard: .max, soft: 1024))
    #expect(configuration.linux?.seccomp?.syscalls?[1].args?[0].valueTwo == .max)
  }

  @Test func theLeastThatIsValid() throws {
    let text = Array(#"{"ociVersion":"1.0.0","root":{"path":"rootfs"}}"#.utf8)
    let configuration = try decodeJSON(RuntimeConfiguration.self, from: text)
    #expect(configuration.process == nil && configuration.root == Root(path: "rootfs"))
    #expect(try encodeJSON(configuration) == text)
  }

  @Test func otherPlatformsAndUnknownPropertiesAreIgnored() throws {
    let text =
      #"{"ociVersion":"1.0.2-dev","windows":{"layerFolders":["C"]},"solaris":1,"freebsd":{},"x":null,"#
      + #""process":{"cwd":"/","commandLine":"x","user":{"username":"a"},"y":[1]},"linux":{"z":{}}}"#
    let configuration = try decodeJSON(RuntimeConfiguration.self, from: Array(text.utf8))
    #expect(configuration.process?.user == Process.User() && configuration.linux == LinuxConfiguration())
  }

  @Test func absentIsNotFalseOrEmpty() throws {
    let text = Array(
      #"{"ociVersion":"1.3.0","mounts":null,"linux":{"maskedPaths":[],"resources":{"memory":{"limit":null}}}}"#.utf8)
    let configuration = try decodeJSON(RuntimeConfiguration.self, from: text)
    #expect(configuration.mounts == nil)
    #expect(configuration.linux?.maskedPaths == [] && configuration.linux?.readonlyPaths == nil)
    #expect(configuration.linux?.resources?.memory == Resources.Memory())
  }
}
