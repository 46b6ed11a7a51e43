/// A resource limit as `--ulimit` names it: `nofile=1024:2048`. -1 is unlimited.
package struct Ulimit: Hashable, Codable, Sendable {
  package var name: String
  package var soft: Int64
  package var hard: Int64

  package init(name: String, soft: Int64, hard: Int64) {
    self.name = name
    self.soft = soft
    self.hard = hard
  }

  package init(parsing text: String) throws(InvalidValue) {
    guard let (name, limits) = text.cut(at: "=") else { throw InvalidValue("invalid ulimit argument: \(text)") }
    guard Ulimit.names.contains(name) else { throw InvalidValue("invalid ulimit type: \(name)") }
    let values = limits.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if values.count > 2 {
      throw InvalidValue("too many limit value arguments - \(limits), can only have up to two, `soft[:hard]`")
    }
    let hard = try goInteger(values[values.count - 1])
    let soft = try goInteger(values[0])
    if hard != -1 {
      let rule = "ulimit soft limit must be less than or equal to hard limit: "
      if soft == -1 { throw InvalidValue(rule + "soft: -1 (unlimited), hard: \(hard)") }
      if soft > hard { throw InvalidValue(rule + "\(soft) > \(hard)") }
    }
    self.init(name: name, soft: soft, hard: hard)
  }

  /// The names that docker takes; setrlimit(2)'s `RLIMIT_AS` is not among them.
  private static let names: Set<String> = [
    "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime",
    "sigpending", "stack",
  ]

  /// `RLIMIT_NOFILE`: the runtime specification's name.
  package var resource: String { "RLIMIT_" + name.uppercased() }
}
