import Testing

@testable import Bundle

@Suite struct ValueTests {
  @Test func restartPolicies() throws {
    #expect(try RestartPolicy(parsing: "") == RestartPolicy())
    #expect(try RestartPolicy(parsing: "on-failure:3") == RestartPolicy(name: .onFailure, maximumRetryCount: 3))
    #expect(try RestartPolicy(parsing: "always") == RestartPolicy(name: .always))
    for text in [":3", "sometimes", "on-failure:x", "always:3", "on-failure:-1"] {
      #expect(throws: BundleError.self) { try RestartPolicy(parsing: text) }
    }
  }

  @Test func capabilities() throws {
    let available = Capability.all.filter { $0 != "CAP_SYS_RESOURCE" }
    func effective(_ add: [String], _ drop: [String]) throws -> [String] {
      try Capability.effective(add: add, drop: drop, privileged: false, available: available)
    }
    #expect(try effective([], []) == Capability.defaults)
    #expect(try effective(["net_admin"], ["CAP_CHOWN"]).suffix(1) == ["CAP_NET_ADMIN"])
    #expect(try !effective(["net_admin"], ["CAP_CHOWN"]).contains("CAP_CHOWN"))
    #expect(try effective(["ALL"], ["mknod"]).count == available.count - 1)
    #expect(try effective(["chown"], ["all"]) == ["CAP_CHOWN"])
    #expect(try Capability.effective(add: [], drop: ["ALL"], privileged: true, available: available) == available)
    #expect(throws: BundleError.self) { try effective(["bogus"], []) }
    #expect(throws: BundleError.self) { try effective(["sys_resource"], []) }
  }

  @Test func signals() throws {
    for (text, number) in [("TERM", 15), ("SIGKILL", 9), ("sigint", 2), ("9", 9), ("RTMIN+3", 37), ("SIGRTMAX", 64)] {
      #expect(try StopSignal(parsing: text).number == Int32(number))
    }
    for text in ["", "0", "65", "FOO", "RTMIN+99"] { #expect(throws: BundleError.self) { try StopSignal(parsing: text) } }
  }

  @Test func hosts() throws {
    #expect(try ExtraHost(parsing: "db:10.0.0.1").address == "10.0.0.1")
    #expect(try ExtraHost(parsing: "db=[::1]").address == "::1")
    #expect(try ExtraHost(parsing: "db:::1").address == "::1")
    #expect(try ExtraHost(parsing: "gw:host-gateway").address == "host-gateway")
    for text in ["db", "db:", ":1.2.3.4", "db:x", "d b:1.2.3.4", "a\nb:1.2.3.4"] {
      #expect(throws: InvalidValue.self) { try ExtraHost(parsing: text) }
    }
  }

  @Test func devices() throws {
    let plain = try DeviceMapping(parsing: "/dev/null")
    #expect(plain.pathInContainer == "/dev/null" && plain.permissions == "rwm")
    #expect(try DeviceMapping(parsing: "/dev/null:r").permissions == "r")
    #expect(try DeviceMapping(parsing: "/dev/null:/dev/x:rw").pathInContainer == "/dev/x")
    for text in ["", ":/dev/x", "/dev/null:/dev/x:q", "/dev/null:x", "a:b:c:d", "/dev/null:/dev/x:rr"] {
      #expect(throws: BundleError.self) { try DeviceMapping(parsing: text) }
    }
    #expect(try DeviceRule(parsing: "c 1:* rw").minor == nil)
    for text in ["c 1 rw", "x 1:2 r", "c 1:2 q", "c a:2 r"] { #expect(throws: InvalidValue.self) { try DeviceRule(parsing: text) } }
  }

  @Test func labelsAndSysctls() throws {
    #expect(try label("a=b") == "a=b")
    #expect(throws: InvalidValue("invalid label '=b': empty name")) { try label("=b") }
    #expect(throws: InvalidValue("label 'a b' contains whitespaces")) { try label("a b=c") }
    #expect(try sysctl("net.core.somaxconn=1") == "net.core.somaxconn=1")
    #expect(throws: InvalidValue("sysctl 'kernel.panic=1' is not allowed")) { try sysctl("kernel.panic=1") }
  }

  @Test func environmentFiles() throws {
    let text = "\u{FEFF}# a comment\n\nA=1\r\n  B = x\nC\nD=\n"
    #expect(throws: BundleError.self) { try keyValueLines(Array(text.utf8), file: "f") { _ in nil } }
    let good = "\u{FEFF}# a comment\n\nA=1\r\n  B= x \nC\nD=\n"
    #expect(try keyValueLines(Array(good.utf8), file: "f") { $0 == "C" ? "host" : nil } == ["A=1", "B= x ", "C=host", "D="])
    #expect(throws: BundleError.self) { try keyValueLines([0x41, 0x3d, 0xff, 0x0a], file: "f") { _ in nil } }
  }

  @Test func networks() throws {
    let attachment = try NetworkAttachment(parsing: "name=net1,alias=a,alias=b,ip=10.0.0.5")
    #expect(attachment.name == "net1" && attachment.aliases == ["a", "b"] && attachment.ipv4Address == "10.0.0.5")
    #expect(try NetworkAttachment(parsing: "container:x").isUserDefined == false)
    #expect(throws: InvalidValue("network name/id is not specified")) { try NetworkAttachment(parsing: "alias=a") }
    #expect(throws: InvalidValue("invalid field key foo")) { try NetworkAttachment(parsing: "name=n,foo=1") }
  }

  @Test func securityOptions() throws {
    let options = try SecurityOptions(parsing: ["no-new-privileges", "seccomp=unconfined", "label:disable", "systempaths=unconfined"])
    #expect(options.noNewPrivileges && options.seccomp == .unconfined && options.systemPathsUnconfined)
    #expect(options.selinuxLabels == ["disable"])
    for text in ["seccomp", "bogus=1", "systempaths=x", "no-new-privileges=maybe"] {
      #expect(throws: BundleError.self) { try SecurityOptions(parsing: [text]) }
    }
  }

  @Test func goText() {
    #expect(goQuoted("a\"b\\\n\u{1}é") == "\"a\\\"b\\\\\\n\\x01é\"")
    #expect(cleanPath("/a//b/./../c/") == "/a/c")
    #expect(cleanPath("/../..") == "/")
  }
}
