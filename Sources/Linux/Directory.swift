internal import CLinux
internal import Glibc
package import SystemPackage

/// One entry of a directory: its name and, where the file system tells, its kind.
package struct DirectoryEntry: Sendable {
  /// The name's bytes, which need not be UTF-8.
  package let name: FilePath.Component
  package let kind: FileKind?
}

extension OwnedDescriptor {
  /// Every entry but `.` and `..`, in the file system's order.
  package func entries() throws(SystemError) -> [DirectoryEntry] {
    // A descriptor of its own, since fdopendir(3) takes it over and the position is shared between duplicates.
    let own = try open(FilePath("."), [.readOnly, .directory])
    guard let stream = unsafe fdopendir(own.release()) else {
      throw SystemError("opendir", "descriptor \(rawValue)", Errno(rawValue: Glibc.errno))
    }
    defer { unsafe _ = closedir(stream) }
    var entries: [DirectoryEntry] = []
    while true {
      Glibc.errno = 0
      guard let entry = unsafe readdir(stream) else {
        if Glibc.errno != 0 { throw SystemError("readdir", "descriptor \(rawValue)", Errno(rawValue: Glibc.errno)) }
        return entries
      }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe FilePath.Component(platformString: $0) }
      }
      guard let name, name.kind == .regular else { continue }
      entries.append(DirectoryEntry(name: name, kind: unsafe FileKind(directoryType: entry.pointee.d_type)))
    }
  }

  /// mkdirat(2).
  package func makeDirectory(_ name: FilePath, mode: UInt32 = 0o755) throws(SystemError) {
    try nothingOrError("mkdir", quoted(name)) {
      unsafe name.withPlatformString { name in unsafe mkdirat(rawValue, name, mode_t(mode)) }
    }
  }

  /// Removes `name` and all below it without following a symbolic link, however deep it is. Nothing happens where it does not exist.
  package func removeTree(_ name: FilePath) throws(SystemError) {
    if try removedAtOnce(name) { return }
    var cursor = try DirectoryCursor(self)
    // The names that are left in each directory on the way down, the directory's own name last.
    var pending = [[name]]
    while let next = pending.last?.last {
      if !(try cursor.directory.removedAtOnce(next)) {
        try cursor.descend(next)
        pending.append(try cursor.directory.entries().map { FilePath(root: nil, [$0.name]) })
      } else {
        pending[pending.count - 1].removeLast()
      }
      while pending.count > 1, pending.last?.isEmpty == true {
        pending.removeLast()
        try cursor.ascend()
        if let done = pending[pending.count - 1].popLast() { try cursor.directory.remove(done, directory: true) }
      }
    }
  }

  /// Whether `name` is gone: it was no directory and has been unlinked, or never was.
  private func removedAtOnce(_ name: FilePath) throws(SystemError) -> Bool {
    do {
      try remove(name)
      return true
    } catch {
      switch error.errno {
      case .noSuchFileOrDirectory: return true
      case .isDirectory: return false
      // Some file systems say EPERM for a directory.
      case .notPermitted, .permissionDenied:
        if try status(of: name).kind == .directory { return false }
        throw error
      default: throw error
      }
    }
  }
}

/// Makes `path` and its missing parents (mkdir -p). For tote's own directories, never below a root file system.
package func makeDirectories(_ path: FilePath, mode: UInt32 = 0o755) throws(SystemError) {
  var made = path.root.map { FilePath(root: $0) } ?? FilePath("")
  for component in path.components {
    made.append(component)
    do {
      try nothingOrError("mkdir", quoted(made)) {
        unsafe made.withPlatformString { name in unsafe mkdir(name, mode_t(mode)) }
      }
    } catch  where error.errno == .fileExists {
      continue
    }
  }
  let status = try fileStatus(path)
  if status.kind != .directory { throw SystemError("mkdir", path, .notDirectory) }
}

/// Removes a directory that tote made, and all below it.
package func removeTree(_ path: FilePath) throws(SystemError) {
  guard let name = path.lastComponent else { throw SystemError("unlink", path, .invalidArgument) }
  let parent = path.removingLastComponent()
  do {
    let directory = try openFile(parent.isEmpty ? FilePath(".") : parent, [.path, .directory])
    try directory.removeTree(FilePath(root: nil, [name]))
  } catch  where error.errno == .noSuchFileOrDirectory {
    return
  }
}
