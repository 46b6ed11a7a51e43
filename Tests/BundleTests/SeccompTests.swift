import OCIRuntimeSpec
import Testing

@testable import Bundle

@Suite struct SeccompTests {
  private func configuration(_ capabilities: Set<String>, _ architecture: String = "amd64", _ kernel: [Int] = [6, 1]) throws
    -> SeccompConfiguration
  {
    try SeccompProfile.default.configuration(architecture: architecture, capabilities: capabilities, kernel: kernel)
  }

  private func actions(_ name: String, _ configuration: SeccompConfiguration) -> [SeccompConfiguration.Action] {
    (configuration.syscalls ?? []).filter { $0.names.contains(name) }.map(\.action)
  }

  @Test func ordinary() throws {
    let ordinary = try configuration(Set(Capability.defaults))
    #expect(ordinary.defaultAction == .errno && ordinary.defaultErrnoRet == 1)
    #expect(ordinary.architectures == [.x86_64, .x86, .x32])
    #expect(actions("openat2", ordinary) == [.allow] && actions("chroot", ordinary) == [.allow])
    for name in ["mount", "bpf", "reboot", "keyctl", "add_key", "kexec_load", "userfaultfd", "io_uring_setup", "init_module"] {
      #expect(actions(name, ordinary).isEmpty, "\(name)")
    }
    let clone3 = try #require(ordinary.syscalls?.first { $0.names == ["clone3"] })
    #expect(clone3.action == .errno && clone3.errnoRet == 38)
    let clone = try #require(ordinary.syscalls?.first { $0.names == ["clone"] })
    #expect(clone.args == [.init(index: 0, value: 0x7e02_0000, valueTwo: 0, op: .maskedEqual)])
    #expect((ordinary.syscalls ?? []).filter { $0.names == ["socket"] }.compactMap(\.args?.first?.value) == [38, 39, 40])
  }

  @Test func capabilitiesOpenIt() throws {
    let admin = try configuration(["CAP_SYS_ADMIN", "CAP_BPF"])
    #expect(actions("mount", admin) == [.allow] && actions("clone3", admin) == [.allow])
    #expect(actions("bpf", admin) == [.allow, .allow] && actions("chroot", admin).isEmpty)
  }

  @Test func machines() throws {
    #expect(actions("ptrace", try configuration([], "amd64", [4, 7])).isEmpty)
    #expect(actions("ptrace", try configuration([], "amd64", [4, 8])) == [.allow])
    #expect(actions("arch_prctl", try configuration([], "arm64")).isEmpty)
    #expect(try configuration([], "arm64").architectures == [.aarch64, .arm])
    #expect(try configuration([], "riscv64").architectures == [.riscv64])
  }

  @Test func noNameTwiceInTheCommonRule() {
    let names = DefaultSeccompProfile.rules[0].names
    #expect(names.count > 330 && Set(names).count == names.count)
  }
}
