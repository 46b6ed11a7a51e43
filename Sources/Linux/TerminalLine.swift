internal import CLinux
internal import Glibc

/// Reads one line from the terminal that standard input is, without showing it where `echo` is false; the terminal's settings are put back.
package func readTerminalLine(echo: Bool) throws(SystemError) -> String {
  var saved = termios()
  try nothingOrError("tcgetattr", "standard input") { unsafe tcgetattr(0, &saved) }
  var silent = saved
  if !echo { silent.c_lflag &= ~tcflag_t(ECHO) }
  try nothingOrError("tcsetattr", "standard input") { unsafe tcsetattr(0, TCSAFLUSH, &silent) }
  defer {
    unsafe _ = tcsetattr(0, TCSAFLUSH, &saved)
    if !echo { try? StandardStream.error.write("\n") }
  }
  var line: [UInt8] = []
  var byte: UInt8 = 0
  while try valueOrError("read", "standard input", { unsafe read(0, &byte, 1) }) == 1, byte != 10 { line.append(byte) }
  return String(decoding: line, as: UTF8.self)
}
