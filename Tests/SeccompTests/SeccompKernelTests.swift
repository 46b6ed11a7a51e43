import Linux
import OCIRuntimeSpec
import SystemPackage
import Testing

@testable import Seccomp

/// The kernel's own verdict on a program: python3 puts itself under it, since a child forked from this process of many
/// threads could not.
@Suite(.enabled(if: (try? fileStatus("/usr/bin/python3")) != nil, "python3 is not installed")) struct SeccompKernelTests {
  @Test func kernelTakesTheProgramAndObeys() throws {
    let profile = SeccompConfiguration(
      defaultAction: .allow,
      syscalls: [
        .init(names: ["mkdir", "mkdirat"], action: .errno, errnoRet: 28),
        .init(names: ["getppid"], action: .errno, errnoRet: 77),
      ])
    let file = FilePath("/tmp/tote-seccomp-program-\(processID)")
    defer { try? removeFile(file) }
    try replaceFile(file, with: try SeccompFilter.compile(profile).program)
    let script = """
      import ctypes, os, struct, sys
      program = open(sys.argv[1], 'rb').read()
      libc = ctypes.CDLL(None, use_errno=True)
      buffer = ctypes.create_string_buffer(program)
      fprog = struct.pack('HxxxxxxP', len(program) // 8, ctypes.addressof(buffer))
      assert libc.prctl(38, 1, 0, 0, 0) == 0
      assert libc.prctl(22, 2, fprog) == 0, ctypes.get_errno()
      try:
          os.mkdir('/tmp/tote-never')
          sys.exit(3)
      except OSError as e:
          if e.errno != 28: sys.exit(4)
      if libc.syscall(110) != -1 or ctypes.get_errno() != 77: sys.exit(5)
      sys.exit(42)
      """
    let status = try SpawnedCommand("/usr/bin/python3", ["python3", "-c", script, file.string]).wait()
    #expect(status == .exited(42))
  }
}
