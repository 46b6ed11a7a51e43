internal import Linux
package import SystemPackage

/// The file `$TOTE_RUN/ports/published`: what is published, one port a line, fields with a blank between:
/// `tcp 0.0.0.0 4000 172.30.0.2 80 web`, where it is a service's three more: `shop_web round-robin 1`, and last the word `relayed` for one that
/// the kernel does not translate.
package struct PortTable: Sendable {
  private let directory: FilePath
  private let file: FilePath

  package init(_ runRoot: FilePath) { self.init(runRoot, file: "published") }

  init(_ runRoot: FilePath, file: FilePath.Component) {
    directory = runRoot.appending("ports")
    self.file = directory.appending(file)
  }

  /// Holds off everybody else who would publish or withdraw.
  func lock() throws(NetworkError) -> FileLock {
    try attempting("published ports") { () throws(SystemError) in
      do throws(SystemError) { return try FileLock(directory.appending(".lock"), .exclusive) } catch
        where error.errno == .noSuchFileOrDirectory
      {
        try makeDirectories(directory)
        return try FileLock(directory.appending(".lock"), .exclusive)
      }
    }
  }

  /// Tells one content of the file from another: it is replaced at every change, never written in place. nil where there is none.
  struct Stamp: Equatable {
    let inode: UInt64
    let modified: Timestamp
  }

  var stamp: Stamp? { (try? fileStatus(file)).map { Stamp(inode: $0.inode, modified: $0.modified) } }

  /// What is published, in the order in which it was.
  package func read() throws(NetworkError) -> [PublishedPort] {
    let content: [UInt8]
    do { content = try readFile(file) } catch {
      if error.errno == .noSuchFileOrDirectory { return [] }
      throw NetworkError("published ports", error)
    }
    var ports: [PublishedPort] = []
    for (number, line) in content.split(separator: UInt8(ascii: "\n")).enumerated() {
      guard let port = PublishedPort(line: line) else {
        throw NetworkError(.failure, "\(quoted(file)):\(number + 1): not a published port")
      }
      ports.append(port)
    }
    return ports
  }

  /// Replaces the file; with nothing published it goes. Not synced: after a reboot nothing is published.
  func write(_ ports: [PublishedPort]) throws(NetworkError) {
    do throws(SystemError) {
      if ports.isEmpty { return try removeFile(file) }
      var content: [UInt8] = []
      content.reserveCapacity(ports.count * 64)
      for port in ports {
        content +=
          "\(port.transport.rawValue) \(port.hostAddress) \(port.hostPort) \(port.address) \(port.containerPort) \(port.owner)".utf8
        if let member = port.member { content += " \(member.service) \(member.balance.rawValue) \(member.weight)".utf8 }
        if port.isRelayed { content += " relayed".utf8 }
        content.append(UInt8(ascii: "\n"))
      }
      try replaceFile(file, with: content, durable: false)
    } catch {
      if error.errno != .noSuchFileOrDirectory { throw NetworkError("published ports", error) }
    }
  }
}

extension PublishedPort {
  fileprivate init?(line: ArraySlice<UInt8>) {
    var fields = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    let isRelayed = fields.count > 6 && fields.last == "relayed"
    if isRelayed { fields.removeLast() }
    guard fields.count == 6 || fields.count == 9, let transport = TransportProtocol(rawValue: fields[0]), let host = HostAddress(fields[1]),
      let hostPort = UInt16(fields[2]), let address = IPv4Address(fields[3]), let containerPort = UInt16(fields[4])
    else { return nil }
    var member: ServiceMember?
    if fields.count == 9 {
      guard let balance = ServiceMember.Balance(rawValue: fields[7]), let weight = Int(fields[8]) else { return nil }
      member = ServiceMember(fields[6], balance, weight: weight)
    }
    self.init(transport, host: host, hostPort, to: address, containerPort, owner: fields[5], member: member)
    self.isRelayed = isRelayed
  }
}
