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

  /// Removes `name` and all below it without following a symbolic link. Nothing happens where it does not exist.
  package func removeTree(_ name: FilePath) throws(SystemError) {
    do { return try remove(name) } catch {
      switch error.errno {
      case .noSuchFileOrDirectory: return
      case .isDirectory, .notPermitted, .permissionDenied: break
      default: throw error
      }
    }
    do {
      let directory = try open(name, [.readOnly, .directory, .noFollow])
      for entry in try directory.entries() { try directory.removeTree(FilePath(root: nil, [entry.name])) }
      try remove(name, directory: true)
    } catch where error.errno == .noSuchFileOrDirectory {
      return
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
    } catch where error.errno == .fileExists {
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
  } catch where error.errno == .noSuchFileOrDirectory {
    return
  }
}
