import Linux
import OCIRuntimeSpec
import SystemPackage
import Testing

@testable import Seccomp

/// System call numbers of x86-64.
private let (read, write, mkdir, getppid, personality, cloneNumber, newest): (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) =
  (0, 1, 83, 110, 135, 56, 435)
private let (allow, killThread): (UInt32, UInt32) = (0x7fff_0000, 0)
private func errno(_ number: UInt32) -> UInt32 { 0x0005_0000 | number }

#if arch(x86_64)
  @Suite struct SeccompFilterTests {
    typealias Syscall = SeccompConfiguration.Syscall

    static func profile() -> SeccompConfiguration {
      SeccompConfiguration(
        defaultAction: .errno, architectures: [.x86_64, .x86, .x32],
        syscalls: [
          Syscall(names: ["read", "write", "clone3", "no_such_call", "exit_group"], action: .allow),
          Syscall(names: ["mkdir"], action: .errno, errnoRet: 28),
          Syscall(names: ["getppid"], action: .killProcess),
          Syscall(names: ["personality"], action: .allow, args: [.init(index: 0, value: 0xffff_ffff, op: .equal)]),
          Syscall(
            names: ["clone"], action: .allow, args: [.init(index: 0, value: 0x7e02_0000, valueTwo: 0, op: .maskedEqual)]),
        ])
    }

    @Test func actionsAndConditions() throws {
      let machine = FilterMachine(program: try SeccompFilter.compile(Self.profile()).program)
      #expect(machine.answer(read) == allow)
      #expect(machine.answer(mkdir) == errno(28))
      #expect(machine.answer(getppid) == 0x8000_0000)
      #expect(machine.answer(39) == errno(1), "getpid is old and not named: EPERM")
      #expect(machine.answer(personality, arguments: [0xffff_ffff]) == allow)
      #expect(machine.answer(personality, arguments: [8]) == errno(1))
      #expect(machine.answer(cloneNumber, arguments: [0x0100]) == allow)
      #expect(machine.answer(cloneNumber, arguments: [0x1000_0000]) == errno(1))
    }

    @Test func newerCallsAreNotImplemented() throws {
      let machine = FilterMachine(program: try SeccompFilter.compile(Self.profile()).program)
      #expect(machine.answer(newest) == allow)
      #expect(machine.answer(newest + 1) == errno(38))
      #expect(machine.answer(9999) == errno(38))
      // i386 has the same new numbers, x32 has its own from 2^30 on.
      #expect(machine.answer(newest + 1, architecture: 0x4000_0003) == errno(38))
      #expect(machine.answer(0x4000_0000 + newest + 1) == errno(38))
      #expect(machine.answer(0x4000_0000 + 39) == errno(1))
      #expect(machine.answer(read, architecture: 0xc000_00b7) == killThread, "an architecture that the profile does not have")
    }

    @Test func noStubWhereTheProfileDecides() throws {
      var profile = Self.profile()
      profile.defaultErrnoRet = 38
      #expect(FilterMachine(program: try SeccompFilter.compile(profile).program).answer(39) == errno(38))
      profile = SeccompConfiguration(defaultAction: .allow, syscalls: [Syscall(names: ["mkdir"], action: .errno)])
      let machine = FilterMachine(program: try SeccompFilter.compile(profile).program)
      #expect(machine.answer(9999) == allow)
      #expect(machine.answer(mkdir) == errno(1))
      #expect(machine.answer(0x4000_0001) == killThread, "x32 was not named")
    }

    @Test func sameArgumentTwiceIsEither() throws {
      let profile = SeccompConfiguration(
        defaultAction: .errno,
        syscalls: [
          Syscall(
            names: ["personality"], action: .allow,
            args: [.init(index: 0, value: 0, op: .equal), .init(index: 0, value: 8, op: .equal)])
        ])
      let machine = FilterMachine(program: try SeccompFilter.compile(profile).program)
      #expect(machine.answer(personality, arguments: [0]) == allow)
      #expect(machine.answer(personality, arguments: [8]) == allow)
      #expect(machine.answer(personality, arguments: [9]) == errno(1))
    }

    @Test(
      arguments: [
        (.equal, [5]), (.notEqual, [4, 6]), (.lessThan, [4]), (.lessEqual, [4, 5]), (.greaterThan, [6]), (.greaterEqual, [5, 6]),
      ] as [(SeccompConfiguration.Argument.Operator, [UInt64])])
    func operators(_ op: SeccompConfiguration.Argument.Operator, _ accepted: [UInt64]) throws {
      let rule = Syscall(names: ["personality"], action: .allow, args: [.init(index: 0, value: 5, op: op)])
      let machine = FilterMachine(
        program: try SeccompFilter.compile(SeccompConfiguration(defaultAction: .errno, syscalls: [rule])).program)
      for value: UInt64 in [4, 5, 6] {
        #expect(machine.answer(personality, arguments: [value]) == (accepted.contains(value) ? allow : errno(1)))
      }
    }
  }
#endif

@Suite struct SeccompProfileTests {
  typealias Syscall = SeccompConfiguration.Syscall

  @Test func flags() throws {
    var profile = SeccompConfiguration(defaultAction: .allow)
    #expect(try SeccompFilter.compile(profile).flags == [.specAllow])
    profile.flags = []
    #expect(try SeccompFilter.compile(profile).flags == [])
    profile.flags = [.log, .threadSynchronize, .waitKillableReceive]
    #expect(try SeccompFilter.compile(profile).flags == [.log, .threadSync])
    profile.syscalls = [Syscall(names: ["mkdir"], action: .notify)]
    profile.listenerPath = "/run/listener"
    #expect(
      try SeccompFilter.compile(profile).flags
        == [.log, .threadSync, .threadSyncESRCH, .newListener, .waitKillableReceive])
  }

  @Test func refused() {
    func refuses(_ property: String, _ profile: SeccompConfiguration) {
      #expect { try SeccompFilter.compile(profile) } throws: { "\($0)".hasPrefix("linux.seccomp." + property) }
    }
    refuses("defaultAction", SeccompConfiguration(defaultAction: .notify))
    refuses("syscalls[0].names", SeccompConfiguration(defaultAction: .allow, syscalls: [Syscall(names: [], action: .kill)]))
    refuses("syscalls[0].names", SeccompConfiguration(defaultAction: .allow, syscalls: [Syscall(names: ["write"], action: .notify)]))
    refuses("listenerPath", SeccompConfiguration(defaultAction: .allow, syscalls: [Syscall(names: ["mkdir"], action: .notify)]))
    refuses(
      "syscalls[0].action", SeccompConfiguration(defaultAction: .allow, syscalls: [Syscall(names: ["mkdir"], action: .kill, errnoRet: 1)]))
    refuses(
      "syscalls[0].args[0].index",
      SeccompConfiguration(
        defaultAction: .errno, syscalls: [Syscall(names: ["mkdir"], action: .allow, args: [.init(index: 6, value: 0, op: .equal)])]))
  }

  @Test func fingerprintTellsProfilesApart() throws {
    let one = try SeccompProfile(SeccompConfiguration(defaultAction: .allow, syscalls: [Syscall(names: ["a", "b"], action: .kill)]))
    let two = try SeccompProfile(SeccompConfiguration(defaultAction: .allow, syscalls: [Syscall(names: ["a 1:b"], action: .kill)]))
    let three = try SeccompProfile(
      SeccompConfiguration(defaultAction: .allow, syscalls: [Syscall(names: ["a"], action: .kill), Syscall(names: ["b"], action: .kill)]))
    #expect(Set([one.fingerprint, two.fingerprint, three.fingerprint]).count == 3)
  }

  /// FIPS 180-4's examples, and a length on each side of a block.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func hash(_ message: String, _ digest: String) {
    let hex = SHA256.digest(of: Array(message.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
    #expect(hex.joined() == digest)
  }
}

@Suite struct SeccompCacheTests {
  let directory = FilePath("/tmp/tote-seccomp-\(processID)-\(UInt32.random(in: .min ... .max))")

  func withCache(_ body: (SeccompConfiguration, FilePath) throws -> Void) throws {
    defer { try? removeTree(directory) }
    let profile = SeccompConfiguration(defaultAction: .errno, syscalls: [.init(names: ["read"], action: .allow)])
    let first = try SeccompFilter.cached(profile, in: directory)
    #expect(try first == SeccompFilter.compile(profile))
    let files = try openFile(directory, .readOnly).entries()
    try #require(files.count == 1)
    try body(profile, directory.appending(files[0].name))
  }

  /// A file that says something else, but is whole, shows that the cache is what is read.
  @Test func secondTimeComesFromTheFile() throws {
    try withCache { profile, file in
      let marked: [UInt8] = [6, 0, 0, 0, 0, 0, 5, 0]
      SeccompCache(directory: directory).keep(marked, for: try SeccompProfile(profile).fingerprint)
      #expect(try SeccompFilter.cached(profile, in: directory).program == marked)
      #expect(try fileStatus(file).permissions == 0o600)
    }
  }

  @Test func damagedFileIsMadeAgain() throws {
    try withCache { profile, file in
      let whole = try readFile(file)
      for damaged in [[], Array(whole.dropLast(8)), whole.dropLast() + [whole.last! ^ 1]] {
        try replaceFile(file, with: damaged, mode: 0o600)
        #expect(try SeccompFilter.cached(profile, in: directory) == SeccompFilter.compile(profile))
        #expect(try readFile(file) == whole)
      }
    }
  }

  @Test func fileThatOthersMayWriteIsNotTrusted() throws {
    try withCache { profile, file in
      SeccompCache(directory: directory).keep([6, 0, 0, 0, 0, 0, 5, 0], for: try SeccompProfile(profile).fingerprint)
      try replaceFile(file, with: try readFile(file), mode: 0o666)
      #expect(try SeccompFilter.cached(profile, in: directory) == SeccompFilter.compile(profile))
    }
  }

  @Test func unwritableCacheOnlyCostsTime() throws {
    let profile = SeccompConfiguration(defaultAction: .allow)
    #expect(try SeccompFilter.cached(profile, in: "/proc/nowhere") == SeccompFilter.compile(profile))
  }
}
