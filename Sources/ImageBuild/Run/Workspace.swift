internal import Linux
internal import SystemPackage

/// A directory of this build's own below the cache, locked for as long as the process lives. What a build that was killed has left is
/// removed by the next one.
final class Workspace {
  let path: FilePath
  private let lock: FileLock
  private let parent: FilePath
  private let name: String
  private var count = 0
  /// The process has a mount namespace of its own.
  var hasOwnMounts = false

  init(_ cache: FilePath) throws(BuildError) {
    parent = cache.appending("work")
    let claim = try Self.claim(parent)
    name = claim.name
    path = parent.appending(name)
    lock = claim.lock
    Self.removeLeftovers(parent)
  }

  private struct Claim: ~Copyable {
    let name: String
    let lock: FileLock
  }

  private static func claim(_ parent: FilePath) throws(BuildError) -> Claim {
    while true {
      let name = "\(processID)-\(String(UInt32.random(in: .min ... .max), radix: 16))"
      let file = parent.appending(name + ".lock")
      let claim = try attempting("cannot make a place to work in") {
        try makeDirectories(parent, mode: 0o700)
        let lock = try FileLock(file, .exclusive)
        try makeDirectories(parent.appending(name), mode: 0o700)
        return Claim(name: name, lock: lock)
      }
      // Between its making and its locking another build may have taken it for a leftover: then nobody would find ours.
      if (try? fileStatus(file)) != nil { return claim }
      try? removeTree(parent.appending(name))
    }
  }

  deinit {
    Self.remove(parent, name)
    // Stages of a build that was killed may have outlived the first look.
    Self.removeLeftovers(parent)
  }

  /// Removes what processes of this build have left that were killed.
  func removeLeftovers() { Self.removeLeftovers(parent) }

  /// A new name for something below the directory.
  func fresh(_ kind: String) -> FilePath {
    count += 1
    return path.appending("\(kind)\(count)")
  }

  /// Notes which container runs for this build, so that it can be ended when the build cannot do so itself.
  func note(container: String, root: String) throws(SystemError) {
    try replaceFile(path.appending("container"), with: Array("\(root)\n\(container)".utf8), durable: false)
  }

  private static func remove(_ parent: FilePath, _ name: String) {
    if let note = try? readFile(parent.appending(name).appending("container"), limit: 8192) {
      let lines = String(decoding: note, as: UTF8.self).split(separator: "\n").map(String.init)
      if lines.count == 2 { deleteContainer(lines[1], root: lines[0]) }
    }
    try? removeTree(parent.appending(name))
    try? removeFile(parent.appending(name + ".lock"))
  }

  /// Those whose lock nobody holds.
  private static func removeLeftovers(_ parent: FilePath) {
    guard let directory = try? openFile(parent, [.readOnly, .directory]), let entries = try? directory.entries() else { return }
    for entry in entries {
      let name = entry.name.string
      guard name.hasSuffix(".lock"), let lock = try? FileLock(parent.appending(name), .exclusive, waiting: false) else { continue }
      remove(parent, String(name.dropLast(5)))
      withExtendedLifetime(lock) {}
    }
  }
}
