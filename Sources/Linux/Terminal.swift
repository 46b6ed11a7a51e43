internal import CLinux
internal import Glibc
internal import SystemPackage

/// Rows and columns of a terminal.
package struct WindowSize: Equatable, Sendable {
  package var rows: UInt16
  package var columns: UInt16
  package init(rows: UInt16, columns: UInt16) {
    self.rows = rows
    self.columns = columns
  }
}

/// The two ends of a pseudoterminal (pty(7)).
package struct PseudoTerminal: ~Copyable {
  package let primary: OwnedDescriptor
  package let secondary: OwnedDescriptor
  /// N of /dev/pts/N.
  package let number: UInt32

  /// `primary` is an open ptmx. The other end is opened by `TIOCGPTPEER`, never by a path that somebody else may have laid there (CVE-2025-52565).
  package init(primary: consuming OwnedDescriptor) throws(SystemError) {
    let descriptor = primary.rawValue
    try nothingOrError("ioctl", "TIOCSPTLCK") { clinux_unlock_terminal(descriptor) }
    var number: UInt32 = 0
    try nothingOrError("ioctl", "TIOCGPTN") { unsafe clinux_terminal_number(descriptor, &number) }
    secondary = OwnedDescriptor(
      try valueOrError("ioctl", "TIOCGPTPEER") { clinux_terminal_peer(descriptor, O_RDWR | O_NOCTTY | O_CLOEXEC) })
    self.primary = primary
    self.number = number
  }
}

/// The settings of a terminal, to put back later.
package struct TerminalSettings {
  fileprivate var value: termios
}

/// What can be asked of a descriptor that is a terminal; for the standard streams, which are borrowed, by number.
package enum Terminal {
  package static func windowSize(_ descriptor: Int32) throws(SystemError) -> WindowSize {
    var size = WindowSize(rows: 0, columns: 0)
    try nothingOrError("ioctl", "TIOCGWINSZ") { unsafe clinux_get_window_size(descriptor, &size.rows, &size.columns) }
    return size
  }

  package static func setWindowSize(_ descriptor: Int32, _ size: WindowSize) throws(SystemError) {
    try nothingOrError("ioctl", "TIOCSWINSZ") { clinux_set_window_size(descriptor, size.rows, size.columns) }
  }

  /// Makes it the controlling terminal of the caller's session (`TIOCSCTTY`).
  package static func makeControlling(_ descriptor: Int32) throws(SystemError) {
    try nothingOrError("ioctl", "TIOCSCTTY") { clinux_set_controlling_terminal(descriptor) }
  }

  package static func settings(_ descriptor: Int32) throws(SystemError) -> TerminalSettings {
    var value = termios()
    try nothingOrError("tcgetattr", "descriptor \(descriptor)") { unsafe tcgetattr(descriptor, &value) }
    return TerminalSettings(value: value)
  }

  package static func setSettings(_ descriptor: Int32, _ settings: TerminalSettings) throws(SystemError) {
    var value = settings.value
    try nothingOrError("tcsetattr", "descriptor \(descriptor)") { unsafe tcsetattr(descriptor, TCSANOW, &value) }
  }

  /// Raw mode (cfmakeraw(3)), but with output still processed (`OPOST`) where asked for; gives the settings from before.
  package static func makeRaw(_ descriptor: Int32, processingOutput: Bool = false) throws(SystemError) -> TerminalSettings {
    let old = try settings(descriptor)
    var raw = old
    unsafe cfmakeraw(&raw.value)
    if processingOutput { raw.value.c_oflag |= tcflag_t(OPOST) }
    try setSettings(descriptor, raw)
    return old
  }

  /// Newline is not turned into carriage return and newline on output (`ONLCR` off), so that output reads as from a pipe.
  package static func keepNewlines(_ descriptor: Int32) throws(SystemError) {
    var settings = try settings(descriptor)
    settings.value.c_oflag &= ~tcflag_t(ONLCR)
    try setSettings(descriptor, settings)
  }
}
