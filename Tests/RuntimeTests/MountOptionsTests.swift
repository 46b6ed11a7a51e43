import Linux
import Testing

@testable import Runtime

@Suite struct MountOptionsTests {
  @Test func attributesAreSetAndClearedInOrder() {
    let options = MountOptions(["ro", "nosuid", "nodev", "rw"])
    #expect(options.set == [.noSetuid, .noDevices])
    #expect(options.clear == [.readOnly])
  }

  @Test func anAccessTimeModeClearsTheOthers() {
    let options = MountOptions(["noatime", "strictatime"])
    #expect(options.set == [.strictAccessTime])
    #expect(options.clear == [.accessTimeField])
  }

  @Test func recursiveOptionsAreKeptApart() {
    let options = MountOptions(["rbind", "rro", "nosuid"])
    #expect(options.bind == true)
    #expect(options.recursiveSet == [.readOnly])
    #expect(options.set == [.noSetuid])
  }

  @Test func propagationKeepsItsOrder() {
    let options = MountOptions(["rslave", "shared"])
    #expect(options.propagation == [.init(kind: .slave, recursive: true), .init(kind: .shared, recursive: false)])
  }

  @Test func whatTheKernelDoesNotKnowGoesToTheFileSystem() {
    let options = MountOptions(["mode=755", "size=64k", "newinstance", "sync"])
    #expect(options.data.map(\.key) == ["mode", "size", "newinstance", "sync"])
    #expect(options.data.map(\.value) == ["755", "64k", nil, nil])
  }
}
