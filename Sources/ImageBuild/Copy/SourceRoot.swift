internal import Dockerfile
internal import LayerArchive
internal import Linux
internal import SystemPackage

/// Where COPY, ADD and bind mounts take files from: the build context, a named one, or the root file system of a stage or an image.
/// Paths are resolved inside it, whatever its symbolic links say.
final class SourceRoot {
  let root: RootDirectory
  /// What is left out as if it were not there; only a context has any.
  let ignore: DockerIgnore?
  /// The file that the rules came from, as messages name it.
  let ignoreName: String
  /// A directory of the host: owners and times are the host's affair and are not taken over.
  let isContext: Bool
  /// But the times are taken over: they are the server's of what was fetched.
  var keepsTimes = false
  /// As messages name it: `the build context`.
  let label: String

  init(_ root: consuming RootDirectory, ignore: DockerIgnore? = nil, ignoreName: String = ".dockerignore", isContext: Bool, label: String) {
    self.root = root
    self.ignore = ignore.flatMap { $0.isEmpty ? nil : $0 }
    self.ignoreName = ignoreName
    self.isContext = isContext
    self.label = label
  }

  /// The metadata of a path without symbolic links; nil where there is nothing.
  func status(_ path: BytePath) throws(BuildError) -> FileStatus? {
    do throws(SystemError) {
      return try root.open(path.filePath, [.path, .noFollow], resolution: .noSymbolicLinks).status()
    } catch {
      switch error.errno {
      case .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels: return nil
      default: throw BuildError("cannot look at '\(path)' in \(label): \(error)")
      }
    }
  }

  func openDirectory(_ path: BytePath) throws(BuildError) -> SourceDirectory {
    try attempting("cannot read '\(path)' in \(label)") {
      SourceDirectory(try root.open(path.filePath, [.readOnly, .directory], resolution: .noSymbolicLinks))
    }
  }

  func openFile(_ path: BytePath) throws(BuildError) -> OwnedDescriptor {
    try attempting("cannot read '\(path)' in \(label)") {
      try root.open(path.filePath, [.readOnly, .nonBlocking, .noControllingTerminal], resolution: .noSymbolicLinks)
    }
  }

  /// Where a path leads when every symbolic link on it is followed inside the root; nil where it leads to nothing.
  func resolve(_ path: BytePath) throws(BuildError) -> (path: BytePath, status: FileStatus)? {
    var waiting = Array(path.components.reversed())
    var resolved: [[UInt8]] = []
    var followed = 0
    while let component = waiting.popLast() {
      if component.elementsEqual("..".utf8) {
        _ = resolved.popLast()
        continue
      }
      let next = BytePath(components: resolved + [component])
      guard let status = try status(next) else { return nil }
      guard status.kind == .symbolicLink else {
        resolved.append(component)
        continue
      }
      followed += 1
      if followed > 40 { return nil }
      let parent = BytePath(components: resolved)
      let target = BytePath(
        try attempting("cannot read '\(next)' in \(label)") {
          try root.open(parent.filePath, [.path, .directory], resolution: .noSymbolicLinks).readSymbolicLink(FilePath(bytes: component))
        })
      if target.bytes.first == UInt8(ascii: "/") { resolved = [] }
      waiting += target.components.reversed()
    }
    let found = BytePath(components: resolved)
    guard let status = try status(found), !isHidden(found, status) else { return nil }
    return (found, status)
  }

  /// Left out by the rules. A directory below which something may be taken back is there.
  func isHidden(_ path: BytePath, _ status: FileStatus) -> Bool {
    guard let ignore, !path.isEmpty else { return false }
    guard ignore.verdict(path.bytes).isIgnored else { return false }
    return status.kind != .directory || ignore.canPrune(path.bytes)
  }
}

/// A directory of a source, open as long as something in it is to be read.
final class SourceDirectory {
  let descriptor: OwnedDescriptor
  init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }
}
