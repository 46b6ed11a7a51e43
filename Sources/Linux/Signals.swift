internal import CLinux
internal import Glibc
internal import SystemPackage

/// Signal numbers and names (signal(7)).
package enum Signal {
  package static let brokenPipe = SIGPIPE
  /// Names without `SIG`, by number; real-time signals have none.
  package static let names: [(name: String, number: Int32)] = [
    ("HUP", 1), ("INT", 2), ("QUIT", 3), ("ILL", 4), ("TRAP", 5), ("ABRT", 6), ("IOT", 6), ("BUS", 7), ("FPE", 8), ("KILL", 9),
    ("USR1", 10),
    ("SEGV", 11), ("USR2", 12), ("PIPE", 13), ("ALRM", 14), ("TERM", 15), ("STKFLT", 16), ("CHLD", 17), ("CLD", 17), ("CONT", 18),
    ("STOP", 19),
    ("TSTP", 20), ("TTIN", 21), ("TTOU", 22), ("URG", 23), ("XCPU", 24), ("XFSZ", 25), ("VTALRM", 26), ("PROF", 27),
    ("WINCH", 28), ("IO", 29), ("POLL", 29), ("PWR", 30), ("SYS", 31),
  ]
  package static let hangup: Int32 = 1
  package static let interrupt: Int32 = 2
  package static let terminate: Int32 = 15
  package static let kill: Int32 = 9
  package static let child: Int32 = 17
  package static let windowChange: Int32 = 28
  package static let pipe: Int32 = 13
  package static let urgent: Int32 = 23

  /// The number that `text` means: `9`, `KILL`, `SIGKILL`, `RTMIN+1`, in either case; nil for anything else.
  package static func number(_ text: String) -> Int32? {
    if let number = Int32(text) { return (1...64).contains(number) ? number : nil }
    let upper = text.uppercased()
    let name = upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper
    if let found = names.first(where: { $0.name == name }) { return found.number }
    if name == "RTMIN" { return 34 }
    if name == "RTMAX" { return 64 }
    if name.hasPrefix("RTMIN+"), let offset = Int32(name.dropFirst(6)), (0...30).contains(offset) { return 34 + offset }
    if name.hasPrefix("RTMAX-"), let offset = Int32(name.dropFirst(6)), (0...30).contains(offset) { return 64 - offset }
    return nil
  }

  /// Whether a process is inside sigtimedwait(2) or sigwait(3), by proc_pid_syscall(5). The signals that it waits for are unblocked
  /// meanwhile, so `SigBlk` does not tell of them, and yet the kernel keeps them. False too where that file may not be read.
  package static func isAwaited(by process: Int32) -> Bool {
    guard let line = try? readFile(FilePath("/proc/\(process)/syscall"), limit: 4096) else { return false }
    return String(decoding: line.prefix { $0 != 0x20 }, as: UTF8.self) == "\(SYS_rt_sigtimedwait)"
  }

  /// The signal in the C library's words, in small letters: `killed`, `bad system call`.
  package static func description(_ number: Int32) -> String {
    unsafe strsignal(number).map { unsafe String(cString: $0).lowercased() } ?? "\(number)"
  }

  /// Lets these end the process even where it is the first of a pid namespace, on which signals without a handler have no effect.
  package static func endProcess(on numbers: [Int32]) {
    for number in numbers { _ = signal(number) { _exit(128 + $0) } }
  }

  /// Gives every signal its default disposition and unblocks all, as a new program expects to find them.
  package static func resetAll() {
    for number in Int32(1)...64 where number != 9 && number != 19 && !(32...33).contains(number) { _ = signal(number, SIG_DFL) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe sigprocmask(SIG_SETMASK, &none, nil)
  }

  /// Ignores a signal (`SIG_IGN`), or takes its default up again.
  package static func setIgnored(_ number: Int32, _ ignored: Bool) { _ = signal(number, ignored ? SIG_IGN : SIG_DFL) }
}

/// Signals as a file to read (signalfd(2)): they are blocked and arrive here instead.
package struct SignalReader: ~Copyable {
  package let descriptor: OwnedDescriptor

  /// Every signal that can be blocked but those that a fault raises.
  package init() throws(SystemError) {
    var set = sigset_t()
    unsafe sigfillset(&set)
    for fault in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] { unsafe sigdelset(&set, fault) }
    unsafe sigprocmask(SIG_SETMASK, &set, nil)
    descriptor = OwnedDescriptor(try valueOrError("signalfd") { unsafe clinux_signalfd(&set) })
  }

  /// The next signal's number, nil when none waits.
  package func next() throws(SystemError) -> Int32? {
    do {
      return try valueOrError("read", "signalfd") { clinux_read_signal(descriptor.rawValue) }
    } catch  where error.errno == .resourceTemporarilyUnavailable {
      return nil
    }
  }
}
