internal import JSON
internal import Linux
package import SystemPackage

/// `$TOTE_RUN/events`: a line for everything that happens to a container, appended by whoever makes it happen, and gone with a reboot.
/// One that has grown large is kept once more as `events.1`.
package struct EventJournal: Sendable {
  /// Bytes; docker's daemon remembers 256 events, and these are some thousands.
  private static let limit = 1 << 20

  private let file: FilePath

  /// - Parameter runRoot: `$TOTE_RUN`.
  package init(runRoot: FilePath) { file = runRoot.appending("events") }

  private var former: FilePath { FilePath(file.string + ".1") }

  /// Notes what has happened. What has happened counts more than that it is noted, so no error comes of it.
  package func append(_ event: ContainerEvent) { try? write(Array((event.json.description + "\n").utf8)) }

  /// ``append(_:)`` for a container whose record is in its bundle; a bundle without one is nobody's container.
  package func append(_ action: String, ofBundle bundle: FilePath, _ details: [(key: String, value: String)] = []) {
    guard let content = try? readFile(bundle.appending("container.json"), limit: 16 << 20), let record = try? JSONValue(parsing: content)
    else { return }
    append(ContainerEvent(action, of: record, details))
  }

  private func write(_ line: [UInt8]) throws(SystemError) {
    // One write to a file that is open for appending is not mixed with another (write(2)). Environments and labels may hold secrets.
    try makeDirectories(file.removingLastComponent())
    try openFile(file, [.writeOnly, .create, .append], mode: 0o600).writeAll(line)
    guard try fileStatus(file).size > Self.limit else { return }
    let lock = try FileLock(FilePath(file.string + ".lock"), .exclusive)
    // Somebody else may have put it aside meanwhile.
    if try fileStatus(file).size > Self.limit { try renameFile(file, to: former) }
    withExtendedLifetime(lock) {}
  }

  /// Calls `body` with each event, oldest first, and with those to come as long as `follows` says so; until `body` answers false.
  package func read(follows: () -> Bool, _ body: (ContainerEvent) throws -> Bool) throws {
    var rest = (try? readFile(former)) ?? []
    func deliver() throws -> Bool {
      guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { return true }
      for line in rest[..<end].split(separator: UInt8(ascii: "\n")) {
        if let event = ContainerEvent(line: line), try !body(event) { return false }
      }
      rest.removeSubrange(...end)
      return true
    }
    guard try deliver() else { return }
    try makeDirectories(file.removingLastComponent())
    while true {
      let opened = try openFile(file, [.readWrite, .create], mode: 0o600)
      let watch = try watchFile(file)
      rest = []
      var isCurrent = true
      while isCurrent {
        // Asked before it is read, so that nothing is lost that was written before it was put aside.
        isCurrent = (try? fileStatus(file).inode) == (try opened.status().inode)
        rest += try opened.readAll()
        guard try deliver(), follows() else { return }
        if isCurrent, try isReadable(watch.rawValue, within: 200) { _ = try? readAvailable(watch.rawValue) }
      }
    }
  }
}
