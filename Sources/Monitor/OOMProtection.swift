internal import Linux
internal import SystemPackage

/// Keeps the kernel from choosing the monitor when memory is short, as long as nothing is being started that would inherit
/// that (proc_pid_oom_score_adj(5)). Only with CAP_SYS_RESOURCE; without, the monitor is like any other process.
enum OOMProtection {
  static func set(_ isProtected: Bool) {
    try? openFile("/proc/self/oom_score_adj", .writeOnly).writeAll(isProtected ? "-1000" : "0")
  }
}
