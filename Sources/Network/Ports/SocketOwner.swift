internal import Linux
internal import SystemPackage

/// The process that has a port of the host, as far as /proc tells (proc(5), /proc/net/tcp).
package enum SocketOwner {
  /// `process 'nginx' (pid 812)`; nil where none can be found, for lack of rights or because it has gone.
  package static func describe(_ transport: TransportProtocol, _ port: UInt16) -> String? {
    let inodes = ["", "6"].reduce(into: Set<String>()) { found, family in
      let path = FilePath("/proc/self/net/\(transport.rawValue)\(family)")
      if let content = try? readFile(path) { found.formUnion(listeners(String(decoding: content, as: UTF8.self), transport, port)) }
    }
    if inodes.isEmpty { return nil }
    let links = Set(inodes.map { "socket:[\($0)]" })
    guard let processes = try? openFile(FilePath("/proc"), [.readOnly, .directory]).entries() else { return nil }
    for process in processes.compactMap({ Int32($0.name.string) }) {
      let directory = FilePath("/proc/\(process)/fd")
      guard let descriptors = try? openFile(directory, [.readOnly, .directory]).entries() else { continue }
      for entry in descriptors {
        guard let target = try? readLink(directory.appending(entry.name)), links.contains(target.string) else { continue }
        let name =
          (try? readFile(FilePath("/proc/\(process)/comm"), limit: 256)).map { String(decoding: $0.dropLast(), as: UTF8.self) } ?? "?"
        return "process '\(name)' (pid \(process))"
      }
    }
    return nil
  }

  /// Whether any socket of a table like /proc/net/tcp waits for connections.
  static func hasListener(_ table: String, _ transport: TransportProtocol) -> Bool {
    table.split(separator: "\n").dropFirst().contains { line in
      let fields = line.split(separator: " ")
      return fields.count > 9 && fields[3] == (transport == .udp ? "07" : "0A")
    }
  }

  /// The inodes of the sockets in a table like /proc/net/tcp that wait on a port. Columns: number, local address, remote address, state,
  /// queues, timer, retransmissions, user, timeout, inode; addresses are hexadecimal, `0100007F:0FA0`.
  static func listeners(_ table: String, _ transport: TransportProtocol, _ port: UInt16) -> [String] {
    table.split(separator: "\n").dropFirst().compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count > 9, let local = fields[1].split(separator: ":").last, UInt16(local, radix: 16) == port else { return nil }
      // 0A: TCP_LISTEN; a UDP socket that is bound but not connected is in 07.
      guard fields[3] == (transport == .udp ? "07" : "0A") else { return nil }
      return String(fields[9])
    }
  }
}
