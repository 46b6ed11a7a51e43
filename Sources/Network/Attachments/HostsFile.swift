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

  /// Ends the lines that tote writes and may replace; all others are somebody else's.
  private static let mark = "\t# tote"

  /// One address and the names it has, the first of which is the canonical one.
  package struct Line: Hashable, Sendable {
    package let address: IPv4Address
    package let names: [String]

    package init(_ address: IPv4Address, _ names: [String]) {
      self.address = address
      self.names = names
    }
  }

  /// `content` (or the standard one where it is empty) with `lines` in the place of those that tote wrote before.
  package static func content(_ content: String, with lines: [Line]) -> String {
    let kept = (content.isEmpty ? standard : content).split(separator: "\n").filter { !$0.hasSuffix(mark) }
    return kept.map { $0 + "\n" }.joined()
      + lines.filter { !$0.names.isEmpty }.map { "\($0.address)\t\($0.names.joined(separator: " "))\(mark)\n" }.joined()
  }

  /// Rewrites the file in place, for it is bind-mounted into the container: a file renamed over it would not be seen there.
  static func update(_ path: FilePath, with lines: [Line], making: Bool) throws(NetworkError) {
    try attempting("hosts file \(quoted(path))") { () throws(SystemError) in
      let file = try openFile(path, making ? [.readWrite, .create, .noFollow] : [.readWrite, .noFollow], mode: 0o644)
      guard try file.status().kind == .regular else { throw SystemError("open", path, .invalidArgument) }
      let old = String(decoding: try file.readAll(limit: 1 << 20), as: UTF8.self)
      let new = content(old, with: lines)
      if new != old { try file.rewrite(Array(new.utf8)) }
    }
  }
}

extension NetworkStore {
  /// Brings the hosts files of `record`'s container and of everybody on its user-made networks up to date. On the default network a
  /// container knows only itself, as with docker.
  ///
  /// - Parameter isGone: whether the container is detached, and its own file no longer anybody's business.
  func refreshHosts(of record: AttachmentRecord, isGone: Bool = false) throws(NetworkError) {
    let shared = Set(record.endpoints.map(\.network)).subtracting([NetworkDefinition.defaultName])
    if shared.isEmpty {
      if !isGone { try writeHosts(of: record, among: [], making: true) }
      return
    }
    let lock = try attempting("hosts files") { () throws(SystemError) in try FileLock(runRoot.appending("network/.hosts.lock"), .exclusive)
    }
    defer { _ = lock }
    var others: [AttachmentRecord] = []
    for owner in try owners() where owner != record.owner {
      if let other = try attachments(of: owner), other.endpoints.contains(where: { shared.contains($0.network) }) { others.append(other) }
    }
    // The record as it is stored now: at detach it is no longer there.
    let own = try attachments(of: record.owner)
    let all = others + (own.map { [$0] } ?? [])
    for one in all {
      do { try writeHosts(of: one, among: all, making: one.owner == record.owner) } catch {
        if one.owner == record.owner { throw error }  // else a neighbour that is going
      }
    }
  }

  private func writeHosts(of record: AttachmentRecord, among all: [AttachmentRecord], making: Bool) throws(NetworkError) {
    guard let path = record.hosts else { return }
    var lines = record.endpoints.map { HostsFile.Line($0.address, [record.hostname].compactMap(\.self) + $0.aliases) }
    for endpoint in record.endpoints where endpoint.network != NetworkDefinition.defaultName {
      let services = try LeaseDirectory(self, endpoint.network).services()
      lines += services.map { HostsFile.Line($0.address, [$0.owner]) }
      for other in all where other.owner != record.owner {
        lines += other.endpoints.filter { $0.network == endpoint.network }.map { HostsFile.Line($0.address, $0.aliases) }
      }
    }
    try HostsFile.update(FilePath(path), with: lines, making: making)
  }
}
