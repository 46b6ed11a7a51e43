internal import Linux
internal import SystemPackage

/// A procfs that nobody else can have tampered with: mounted by us, for our pid namespace, with no place in any tree. Every write of
/// the runtime to /proc goes through one (CVE-2019-16884, CVE-2023-28642, CVE-2025-52881).
struct ProcFileSystem: ~Copyable {
  private let root: RootDirectory

  init() throws(SystemError) {
    let mount: OwnedDescriptor
    do { mount = try FileSystemContext("proc").mount([.noExecute, .noSetuid, .noDevices]) } catch {
      // A user namespace under a masked /proc may not mount one: take the tree that is there, if it is a procfs.
      mount = try openFile("/proc", [.path, .directory])
      guard try mount.fileSystemStatus().magic == FileSystemStatus.procMagic, try mount.status().inode == 1 else { throw error }
    }
    root = RootDirectory(mount)
  }

  /// Writes `text` in one write(2).
  func write(_ text: String, to file: FilePath) throws(SystemError) {
    let object = "'/proc/\(file)'"
    do {
      // `self` is a symbolic link inside procfs; mounts and links that lead out are not followed.
      let opened = try root.open(file, [.writeOnly, .noFollow], resolution: .noMounts)
      try opened.writeAll(text)
    } catch { throw SystemError("write", object, error.errno) }
  }

  func openNamespace(_ file: FilePath) throws(SystemError) -> OwnedDescriptor {
    // A namespace's file is a magic link, which RootDirectory never follows: open its directory so and the link from there.
    let directory = try root.open(file.removingLastComponent(), [.path, .directory], resolution: .noMounts)
    guard let name = file.lastComponent else { throw SystemError("open", file, .invalidArgument) }
    return try directory.open(FilePath(root: nil, [name]), .readOnly)
  }
}

extension ProcFileSystem {
  /// `/proc/PID/oom_score_adj`; a value that is there already is not written, since even that takes privilege below the minimum.
  static func setOOMScoreAdjustment(_ value: Int, of process: Int32) throws(SystemError) {
    let own = (try? readFile("/proc/self/oom_score_adj", limit: 16)) ?? []
    if Int(String(decoding: own.prefix { $0 != 10 }, as: UTF8.self)) == value { return }
    try ProcFileSystem().write("\(value)", to: FilePath("\(process)/oom_score_adj"))
  }
}
