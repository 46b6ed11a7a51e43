internal import Linux
internal import SystemPackage

extension NetworkStore {
  /// Leaves a process behind that lets a container take part in its services as soon as something in it listens on their ports. A member
  /// that does not answer yet gets no connection, and a service is scaled up without a failed one.
  ///
  /// - Parameter process: the container's first; when it ends, so does the wait.
  package func joinWhenReady(_ owner: String, _ ports: [PublishedPort], process: Int32) throws(NetworkError) {
    try attempting("wait for container") { () throws(SystemError) in
      let alive = try openProcess(process)
      _ = try orphan(keeping: [alive.rawValue]) {
        var waited: Int32 = 0
        while !ports.allSatisfy({ isListening($0, process) }) {
          // 2 ms at first, then ever slower, up to a quarter of a second.
          let pause = min(max(waited / 10, 2), 250)
          if try alive.isReadable(within: pause) { return }
          waited += pause
        }
        try setWeight(1, of: owner)
      }
    }
  }
}

/// Whether a process' network namespace has a socket that waits on a port. Nobody can tell for SCTP: it is taken for ready.
private func isListening(_ port: PublishedPort, _ process: Int32) -> Bool {
  if port.transport == .sctp { return true }
  return ["", "6"].contains { family in
    guard let table = try? readFile(FilePath("/proc/\(process)/net/\(port.transport.rawValue)\(family)")) else { return false }
    return !SocketOwner.listeners(String(decoding: table, as: UTF8.self), port.transport, port.containerPort).isEmpty
  }
}
