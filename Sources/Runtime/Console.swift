internal import Linux
internal import SystemPackage

extension ContainerInit {
  /// Opens the container's terminal from its own devpts, puts it on /dev/console and on the standard streams, and hands the
  /// other end to whoever is to hold it.
  func openConsole(in root: borrowing RootDirectory) throws(RuntimeError) {
    try attempting("process.terminal") { () throws(SystemError) in
      let multiplexer = try root.open("dev/pts/ptmx", [.readWrite, .noControllingTerminal], resolution: .noSymbolicLinks)
      let terminal = try PseudoTerminal(checking: multiplexer)
      try terminal.prepare(for: process, relayed: consoleSocket == nil)
      let device = try root.open("dev", [.path, .directory], resolution: .noSymbolicLinks)
      let place: OwnedDescriptor
      do throws(SystemError) { place = try device.open("console", [.writeOnly, .create, .exclusive, .noFollow], mode: 0o620) } catch {
        if error.errno != .fileExists { throw error }
        place = try device.open("console", [.path, .noFollow])
        if try place.status().kind == .symbolicLink { throw SystemError("open", "'/dev/console'", .tooManySymbolicLinkLevels) }
      }
      try terminal.secondary.cloneMount(recursive: false, object: "'/dev/console'").attachMount(on: place, object: "'/dev/console'")
      try handOver(terminal)
    }
  }

  private func handOver(_ terminal: borrowing PseudoTerminal) throws(SystemError) {
    if let consoleSocket {
      let socket = OwnedDescriptor(consoleSocket)
      try socket.send(Array("/dev/ptmx".utf8), descriptors: [terminal.primary.rawValue])
    } else {
      try channel.value.send(.console, descriptors: [terminal.primary.rawValue])
    }
    try terminal.takeStandardStreams()
  }
}

extension PseudoTerminal {
  /// Refuses a multiplexer that is not a devpts's own (CVE-2025-52565).
  init(checking multiplexer: consuming OwnedDescriptor) throws(SystemError) {
    let numbers = deviceNumbers(try multiplexer.status().representedDevice)
    guard try multiplexer.fileSystemStatus().magic == FileSystemStatus.devptsMagic, numbers == (5, 2) else {
      throw SystemError("open", "'/dev/pts/ptmx': not a terminal multiplexer", .operationNotSupportedByDevice)
    }
    try self.init(primary: multiplexer)
  }

  /// Where this program relays the terminal, the user's own terminal (or the file in its place) decides what a newline is.
  func prepare(for process: ProcessPlan, relayed: Bool) throws(SystemError) {
    if relayed { try Terminal.keepNewlines(primary.rawValue) }
    if let size = process.consoleSize { try Terminal.setWindowSize(primary.rawValue, size) }
    if process.userID != 0 || process.groupID != 0 {
      let group = try secondary.status().groupID
      try secondary.changeOwner(userID: process.userID, groupID: group)
    }
  }

  /// Standard input, output and error, and the session's controlling terminal.
  func takeStandardStreams() throws(SystemError) {
    for number: Int32 in 0...2 { try duplicate(secondary.rawValue, to: number) }
    try Terminal.makeControlling(0)
  }
}
