internal import Linux
internal import SystemPackage

/// Finds the place of a mount inside the root file system, making what is missing of it, without a path of the host ever being
/// resolved (CVE-2021-30465, CVE-2024-45310, CVE-2019-16884).
struct MountTarget: ~Copyable {
  let descriptor: OwnedDescriptor
  /// Whether it was there before.
  let existed: Bool

  /// Files below /proc that something may be bound on; all else there would let a container deceive this runtime or later ones.
  static let allowedBelowProc: Set<String> = [
    "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime", "/proc/loadavg", "/proc/slabinfo",
    "/proc/net/dev", "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled",
  ]

  init(_ destination: FilePath, in root: borrowing RootDirectory, directory: Bool) throws(RuntimeError) {
    let clean = destination.lexicallyNormalized()
    if let found = try MountTarget.existing(clean, in: root) {
      try MountTarget.check(found, clean)
      descriptor = found
      existed = true
    } else {
      descriptor = try MountTarget.make(try MountTarget.followingLinks(clean, in: root), in: root, directory: directory)
      existed = false
    }
  }

  private static func existing(_ path: FilePath, in root: borrowing RootDirectory) throws(RuntimeError) -> OwnedDescriptor? {
    do throws(SystemError) { return try root.open(path.removingRoot(), .path) } catch {
      if error.errno == .noSuchFileOrDirectory { return nil }
      throw .system("mount target", error)
    }
  }

  /// The place that the symbolic links on the way mean, inside the root, where they lead to what is not there yet.
  private static func followingLinks(_ path: FilePath, in root: borrowing RootDirectory) throws(RuntimeError) -> FilePath {
    var walked = FilePath("/")
    var rest = Array(path.components)
    var links = 0
    while !rest.isEmpty {
      let component = rest.removeFirst()
      if component.kind == .parentDirectory { walked.removeLastComponent() }
      guard component.kind == .regular else { continue }
      let parent: OwnedDescriptor
      do throws(SystemError) { parent = try root.open(walked.removingRoot(), [.path, .directory]) } catch {
        if error.errno != .noSuchFileOrDirectory { throw .system("mount target \(quoted(path))", error) }
        walked.append(component)
        continue
      }
      guard let bytes = try? parent.readSymbolicLink(FilePath(root: nil, [component])) else {
        walked.append(component)
        continue
      }
      links += 1
      if links > 40 { throw .system("mount target", SystemError("open", path, .tooManySymbolicLinkLevels)) }
      let target = FilePath(bytes: bytes)
      if target.isAbsolute { walked = "/" }
      rest = Array(target.components) + rest
    }
    return walked
  }

  private static func make(_ path: FilePath, in root: borrowing RootDirectory, directory: Bool) throws(RuntimeError) -> OwnedDescriptor {
    try attempting("mount target \(quoted(path))") { () throws(SystemError) in
      if directory { return try root.makeDirectories(path.removingRoot()) }
      guard let name = path.lastComponent else { throw SystemError("open", path, .isDirectory) }
      let parent = try root.makeDirectories(path.removingRoot().removingLastComponent())
      return try parent.open(FilePath(root: nil, [name]), [.writeOnly, .create, .exclusive, .noFollow], mode: 0o755)
    }
  }

  private static func check(_ found: borrowing OwnedDescriptor, _ path: FilePath) throws(RuntimeError) {
    let status = try attempting("mount target") { () throws(SystemError) in try found.fileSystemStatus() }
    if status.magic == FileSystemStatus.procMagic, !allowedBelowProc.contains(path.string) {
      throw .message("\"\(path)\" cannot be mounted because it is inside /proc")
    }
  }
}
