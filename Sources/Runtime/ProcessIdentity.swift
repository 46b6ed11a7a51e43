internal import Linux
internal import SystemPackage

/// A process that cannot be taken for a later one with the same id: its id and the moment it began.
package struct ProcessIdentity: Hashable, Sendable {
  package let id: Int32
  /// Clock ticks after boot (field 22 of proc_pid_stat(5)).
  package let startTime: UInt64

  package init(id: Int32, startTime: UInt64) {
    self.id = id
    self.startTime = startTime
  }

  /// The process that has `id` now; nil where there is none, or where it is a zombie, which is as good as gone.
  package init?(living id: Int32) {
    guard let content = try? readFile(FilePath("/proc/\(id)/stat"), limit: 4096),
      let fields = ProcessIdentity.fields(content), fields.state != UInt8(ascii: "Z"), fields.state != UInt8(ascii: "X")
    else { return nil }
    self.init(id: id, startTime: fields.startTime)
  }

  package var isAlive: Bool { ProcessIdentity(living: id) == self }

  /// State and start time out of the text of `/proc/PID/stat`. The command's name, in parentheses, may itself hold parentheses and blanks.
  static func fields(_ stat: [UInt8]) -> (state: UInt8, startTime: UInt64)? {
    guard let end = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let rest = stat[(end + 1)...].split(separator: UInt8(ascii: " "))
    guard rest.count > 19, let state = rest[0].first, let time = UInt64(String(decoding: rest[19], as: UTF8.self)) else { return nil }
    return (state, time)
  }
}
