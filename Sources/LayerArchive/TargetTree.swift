internal import Linux
internal import SystemPackage

/// The directory that a layer is applied to, and how its paths are found: never outside of it, symbolic links of parents taken as
/// inside it, links of the last component never followed.
final class TargetTree {
  /// A directory of the target.
  final class Directory {
    let descriptor: OwnedDescriptor
    /// Its path without any symbolic link.
    let path: BytePath
    let inode: Inode

    init(_ descriptor: consuming OwnedDescriptor, _ path: BytePath, _ status: FileStatus) {
      self.descriptor = descriptor
      self.path = path
      inode = Inode(status)
    }
  }

  struct Inode: Hashable {
    let device: UInt64
    let number: UInt64

    init(_ status: FileStatus) {
      device = status.device
      number = status.inode
    }
  }

  let root: RootDirectory
  /// Nil where the tree is flattened.
  let lowers: LowerLayers?
  var isRootOpaque = false
  private var cached: (path: BytePath, directory: Directory)?
  /// Modification times that directories get when all is done, since every file that is made in one changes its time.
  private var times: [Inode: (path: BytePath, time: Timestamp)] = [:]

  init(_ target: borrowing OwnedDescriptor, lowers: LowerLayers?) throws(SystemError) {
    root = RootDirectory(try target.open(FilePath("."), [.readOnly, .directory]))
    self.lowers = lowers
  }

  /// The directory at `path`. Where it, or a directory on the way, is missing it is made: with the metadata that the layers below
  /// give it, else 0755 and root's. With `creating` false only what the layers below have is made, and nil says that neither has it.
  func directory(_ path: BytePath, creating: Bool = true) throws(SystemError) -> Directory? {
    if let cached, cached.path == path { return cached.directory }
    let directory: Directory
    do {
      let descriptor = try root.open(path.filePath, [.readOnly, .directory], resolution: .noSymbolicLinks)
      let status = try descriptor.status()
      directory = Directory(descriptor, path, status)
      keepTime(of: directory, status)
    } catch {
      switch error.errno {
      case .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels: break
      default: throw error
      }
      var walk = try TargetWalk(self, path.components, creating: creating)
      guard let found = try walk.run() else { return nil }
      directory = found
    }
    cached = (path, directory)
    return directory
  }

  /// Remembers that `directory`, just made or met, is at `path`.
  func remember(_ directory: Directory, at path: BytePath) { cached = (path, directory) }

  /// Something that is not a leaf has gone from the tree.
  func forget(_ path: BytePath) {
    cached = nil
    let below = path.bytes + [slash]
    times = times.filter { $0.value.path != path && !$0.value.path.bytes.starts(with: below) }
  }

  func setTime(of directory: Directory, _ time: Timestamp) { times[directory.inode] = (directory.path, time) }

  /// A directory that was there before keeps its time unless the layer has another for it.
  func keepTime(of directory: Directory, _ status: FileStatus) {
    if times[directory.inode] == nil { times[directory.inode] = (directory.path, status.modified) }
  }

  /// Gives every directory its time. The last thing to be done.
  func applyTimes() throws(SystemError) {
    for (inode, (path, time)) in times {
      let descriptor: OwnedDescriptor
      do {
        descriptor = try root.open(path.filePath, [.readOnly, .directory], resolution: .noSymbolicLinks)
      } catch  where error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory {
        continue
      }
      if Inode(try descriptor.status()) == inode { try descriptor.setModified(time) }
    }
  }

  /// Whether the layers below do not show at `path`, because a directory of this layer above it is opaque.
  func isHidden(_ path: BytePath) throws(SystemError) -> Bool {
    if isRootOpaque { return true }
    var directory = try root.open(FilePath("."), [.readOnly, .directory])
    for component in path.components {
      directory = try directory.open(FilePath(bytes: component), [.readOnly, .directory, .noFollow])
      if try directory.isOpaque() { return true }
    }
    return false
  }
}
