internal import Linux
internal import SystemPackage

extension OwnedDescriptor {
  /// Hands this pidfd to whoever listens at `path` (`--pidfd-socket`), with runc's payload.
  func sendProcess(to path: FilePath) throws(RuntimeError) {
    try attempting("pidfd socket") { () throws(SystemError) in
      let socket = try OwnedDescriptor.unixSocket()
      try socket.connect(to: path)
      try socket.send(Array("pidfd".utf8), descriptors: [rawValue])
    }
  }
}
