import Linux
import Testing

@testable import Runtime

@Suite struct ContainerIDTests {
  @Test(arguments: ["a", "web-1", "A_b+c.d", "0"]) func taken(id: String) throws { #expect(try "\(ContainerID(id))" == id) }
  @Test(arguments: ["", ".", "..", "../x", "a/b", ".seccomp", "a b", "é", "a\n", String(repeating: "x", count: 256)])
  func refused(id: String) { #expect(throws: RuntimeError.self) { try ContainerID(id) } }
}

@Suite struct ProcessIdentityTests {
  @Test func aNameWithParenthesesDoesNotConfuse() {
    let line = "12 (a) b) (c)) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4242 20 21"
    let fields = ProcessIdentity.fields(Array(line.utf8))
    #expect(fields?.state == UInt8(ascii: "S"))
    #expect(fields?.startTime == 4242)
  }

  @Test func garbageIsNoProcess() {
    #expect(ProcessIdentity.fields([]) == nil)
    #expect(ProcessIdentity.fields(Array("1 (x) S 1".utf8)) == nil)
  }

  @Test func thisProcessLives() throws {
    let identity = try #require(ProcessIdentity(living: processID))
    #expect(identity.isAlive)
    #expect(!ProcessIdentity(id: processID, startTime: identity.startTime + 1).isAlive)
  }
}

@Suite struct ProcessorMaskTests {
  @Test func lists() throws {
    #expect(try processorMask("0-2,7", "p") == [0b1000_0111, 0, 0, 0, 0, 0, 0, 0])
    #expect(try processorMask("", "p") == nil)
    #expect(try processorMask("64", "p")?.count == 16)
  }

  @Test(arguments: ["x", "3-1", "-1", "1-", "0-99999", ","]) func refused(list: String) {
    #expect(throws: RuntimeError.self) { try processorMask(list, "p") }
  }
}

@Suite struct PasswdTests {
  @Test func findsByNumber() {
    let passwd = Array("root:x:0:0::/root:/bin/sh\nbad line\nweb:x:1000:1000::/home/web:/bin/sh\nhomeless:x:5:5:::\n".utf8)
    #expect(passwdEntry(of: 1000, in: passwd)?.home == "/home/web")
    #expect(passwdEntry(of: 5, in: passwd)?.home == nil)
    #expect(passwdEntry(of: 7, in: passwd) == nil)
  }
}

@Suite struct CapabilityTests {
  @Test func namesAreTheKernels() {
    #expect(CapabilitySet.names.count == 41)
    #expect(CapabilitySet.number("CAP_SYS_ADMIN") == 21)
    #expect(CapabilitySet.number("CAP_CHECKPOINT_RESTORE") == 40)
    #expect(CapabilitySet.number("SYS_ADMIN") == nil)
  }
}
