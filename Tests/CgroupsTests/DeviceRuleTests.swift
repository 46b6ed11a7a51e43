import OCIRuntimeSpec
import Testing

@testable import Cgroups

@Suite struct DeviceRuleTests {
  @Test func textIsTheKernels() throws {
    let rules: [(Resources.DeviceRule, String)] = [
      (.init(allow: false, access: "rwm"), "a"),
      (.init(allow: true, type: .character, major: 1, minor: 3, access: "rwm"), "c 1:3 rwm"),
      (.init(allow: true, type: .block, major: 8, access: "mr"), "b 8:* rm"),
      (.init(allow: true, type: .character, major: -1, minor: -1, access: "m"), "c *:* m"),
    ]
    for (rule, text) in rules { #expect(try DeviceRule(rule, index: 0).text == text) }
  }

  @Test func nonsenseIsNamed() {
    #expect(throws: CgroupError.property("linux.resources.devices[2].access", "'x' is not made of r, w and m")) {
      try DeviceRule(.init(allow: true, access: "x"), index: 2)
    }
    #expect(throws: CgroupError.property("linux.resources.devices[0].major", "-2 is not a device number")) {
      try DeviceRule(.init(allow: true, type: .block, major: -2), index: 0)
    }
  }

  @Test func defaultsAllowTheDefaultDevices() {
    let access = DeviceAccess([DeviceRule(allow: false, devices: nil)] + DeviceRule.defaults)
    for (major, minor) in [(1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 2), (136, 12)] as [(UInt32, UInt32)] {
      #expect(access.allows(.all, kind: .character, major: major, minor: minor))
    }
    #expect(access.allows(.mknod, kind: .block, major: 8, minor: 0))
    #expect(!access.allows(.read, kind: .block, major: 8, minor: 0))
    #expect(!access.allows(.read, kind: .character, major: 1, minor: 1))
  }
}
