internal import Linux
internal import SystemPackage

/// A container's `/etc/hosts` (hosts(5)).
package enum HostsFile {
  /// What every container's file begins with.
  package static let standard = """
    127.0.0.1\tlocalhost
    ::1\tlocalhost ip6-localhost ip6-loopback
    fe00::0\tip6-localnet
    ff00::0\tip6-mcastprefix
    ff02::1\tip6-allnodes
    ff02::2\tip6-allrouters

    """

  /// `content` (or the standard one where it is empty) with one line for each of `own`, its names behind its address. Lines of tote's own
  /// from before go: those that give the first of the names to an address of `subnets`.
  package static func content(
    _ content: String, own: [(address: IPv4Address, names: [String])], subnets: [IPv4Subnet]
  ) -> String {
    var lines = (content.isEmpty ? standard : content).split(separator: "\n", omittingEmptySubsequences: false)
    let first = Set(own.compactMap(\.names.first))
    lines.removeAll { line in
      let words = line.split { $0 == " " || $0 == "\t" }
      guard words.count > 1, let address = IPv4Address(words[0]), first.contains(String(words[1])) else { return false }
      return subnets.contains { $0.contains(address) }
    }
    if lines.last == "" { lines.removeLast() }
    return lines.map { $0 + "\n" }.joined()
      + own.filter { !$0.names.isEmpty }.map { "\($0.address)\t\($0.names.joined(separator: " "))\n" }.joined()
  }

  /// Rewrites the file in place, for it is bind-mounted into the container: a file renamed over it would not be seen there.
  static func update(
    _ path: FilePath, own: [(address: IPv4Address, names: [String])], subnets: [IPv4Subnet]
  ) throws(NetworkError) {
    try attempting("hosts file \(quoted(path))") { () throws(SystemError) in
      let file = try openFile(path, [.readWrite, .create, .noFollow], mode: 0o644)
      guard try file.status().kind == .regular else { throw SystemError("open", path, .invalidArgument) }
      let old = String(decoding: try file.readAll(limit: 1 << 20), as: UTF8.self)
      try file.rewrite(Array(content(old, own: own, subnets: subnets).utf8))
    }
  }
}
