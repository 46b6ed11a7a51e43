/// A signal as `--stop-signal` and an image's StopSignal name it: `TERM`, `SIGTERM`, `RTMIN+3` or `15`.
package struct StopSignal: Hashable, Sendable {
  package let number: Int32

  package init(parsing text: String) throws(BundleError) {
    let name = text.uppercased().hasPrefix("SIG") ? String(text.uppercased().dropFirst(3)) : text.uppercased()
    if let number = Int32(text), (1...64).contains(number) {
      self.number = number
    } else if let number = signalNumbers[name] {
      self.number = number
    } else if let number = realTimeSignal(name) {
      self.number = number
    } else {
      throw .refused("Invalid signal: \(text)")
    }
  }
}

private func realTimeSignal(_ name: String) -> Int32? {
  // SIGRTMIN is 34 for programs because glibc keeps two for itself (signal(7)).
  if name == "RTMIN" { return 34 }
  if name == "RTMAX" { return 64 }
  if name.hasPrefix("RTMIN+"), let offset = Int32(name.dropFirst(6)), (0...30).contains(offset) { return 34 + offset }
  if name.hasPrefix("RTMAX-"), let offset = Int32(name.dropFirst(6)), (0...30).contains(offset) { return 64 - offset }
  return nil
}

/// signal(7), x86 and ARM.
private let signalNumbers: [String: Int32] = [
  "HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "TRAP": 5, "ABRT": 6, "IOT": 6, "BUS": 7, "FPE": 8, "KILL": 9, "USR1": 10, "SEGV": 11,
  "USR2": 12, "PIPE": 13, "ALRM": 14, "TERM": 15, "STKFLT": 16, "CHLD": 17, "CLD": 17, "CONT": 18, "STOP": 19, "TSTP": 20, "TTIN": 21,
  "TTOU": 22, "URG": 23, "XCPU": 24, "XFSZ": 25, "VTALRM": 26, "PROF": 27, "WINCH": 28, "IO": 29, "POLL": 29, "PWR": 30, "SYS": 31,
]
