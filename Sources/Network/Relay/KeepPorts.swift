internal import Linux
internal import SystemPackage

extension NetworkStore {
  /// Where the keepers of an owner's ports listen for word of a change.
  private func keepers(of owner: String) -> FilePath { runRoot.appending("ports/keepers").appending(owner) }

  /// Leaves a ``PortKeeper`` behind.
  ///
  /// - Parameter process: the container's first; nil where nobody knows it, and the ports are kept until they are withdrawn.
  func keep(_ held: [HeldPort], of owner: String, until process: Int32?) throws(NetworkError) {
    if held.allSatisfy({ $0.socket == nil }) { return }
    try attempting("keep published ports") { () throws(SystemError) in
      let directory = keepers(of: owner)
      let path = directory.appending("\(processID)")
      try makeDirectories(directory)
      let control = try OwnedDescriptor.unixSocket()
      try control.listen(at: path)
      let alive: Int32? = if let process { try openProcess(process).release() } else { nil }
      defer { if let alive { _ = OwnedDescriptor(alive) } }
      let number = control.rawValue
      do throws(SystemError) {
        _ = try orphan(keeping: held.compactMap { $0.socket?.descriptor.rawValue } + [number] + (alive.map { [$0] } ?? [])) {
          // Ctrl-C is meant for the container, a closed connection for nobody.
          try ProcessAttributes.startSession()
          try changeWorkingDirectory("/")
          Signal.setIgnored(Signal.brokenPipe, true)
          try? ResourceLimit.raiseOpenFiles()
          try PortKeeper(held, control: OwnedDescriptor(number), at: path, PortTable(runRoot), process: alive).run()
        }
      } catch {
        try? removeFile(path)
        try? removeFile(directory, directory: true)
        throw error
      }
    }
  }

  /// Tells the keepers of these owners to look what is published still, and waits until they have given the rest up.
  func notifyKeepers(of owners: Set<String>) {
    for owner in owners {
      let directory = keepers(of: owner)
      guard let entries = try? openFile(directory, [.readOnly, .directory]).entries() else { continue }
      for entry in entries {
        let path = directory.appending(entry.name)
        do throws(SystemError) {
          let socket = try OwnedDescriptor.unixSocket()
          try socket.connect(to: path)
          _ = try socket.isReadable(within: 5000)
        } catch {
          // It went without a word.
          if error.errno == .connectionRefused { try? removeFile(path) }
        }
      }
      try? removeFile(directory, directory: true)
    }
  }
}
