internal import Linux
internal import SystemPackage

/// A kernel parameter of the network namespace that the caller is in, below /proc/sys/net (sysctl(8)).
struct Sysctl {
  let path: FilePath

  /// Whether this host passes packets on between its interfaces.
  static let forwarding = Sysctl(path: FilePath("/proc/sys/net/ipv4/ip_forward"))

  /// Whether addresses of 127.0.0.0/8 may come and go over an interface: what a connection from 127.0.0.1 to a container needs.
  static func routeLocalnet(_ interface: String) -> Sysctl {
    Sysctl(path: FilePath("/proc/sys/net/ipv4/conf").appending(interface).appending("route_localnet"))
  }

  func value() throws(SystemError) -> String {
    let text = String(decoding: try readFile(path, limit: 4096), as: UTF8.self)
    return String(text.prefix { $0 != "\n" })
  }

  func set(_ value: String) throws(SystemError) {
    do { try openFile(path, .writeOnly).writeAll(value) } catch { throw SystemError("write", path, error.errno) }
  }
}
