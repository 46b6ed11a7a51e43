internal import CLinux
internal import Glibc
package import SystemPackage

/// Opens `path`, relative to the working directory. For paths that tote itself made or a user typed, never for a path inside a
/// root file system: those go through ``RootDirectory``.
package func openFile(_ path: FilePath, _ flags: OpenFlags, mode: UInt32 = 0o666) throws(SystemError) -> OwnedDescriptor {
  OwnedDescriptor(
    try valueOrError("open", quoted(path)) {
      unsafe path.withPlatformString { name in unsafe open(name, flags.rawValue | O_CLOEXEC, mode_t(mode)) }
    })
}

extension OwnedDescriptor {
  /// Opens `name` below this directory (openat(2)); symbolic links are followed unless the flags say otherwise.
  package func open(_ name: FilePath, _ flags: OpenFlags, mode: UInt32 = 0o666) throws(SystemError) -> OwnedDescriptor {
    OwnedDescriptor(
      try valueOrError("open", quoted(name)) {
        unsafe name.withPlatformString { name in unsafe openat(rawValue, name, flags.rawValue | O_CLOEXEC, mode_t(mode)) }
      })
  }

  /// Reads up to `buffer.count` bytes; 0 at the end of the file.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    try valueOrError("read", "descriptor \(rawValue)") { unsafe Glibc.read(rawValue, buffer.baseAddress, buffer.count) }
  }

  /// Writes every byte, over as many calls as it takes.
  package func writeAll(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    try unsafe writeEveryByte(to: rawValue, bytes)
  }

  package func writeAll(_ bytes: [UInt8]) throws(SystemError) {
    try unsafe bytes.span.bytes.withUnsafeBytes { (bytes) throws(SystemError) in try unsafe writeAll(bytes) }
  }

  package func writeAll(_ text: String) throws(SystemError) { try writeAll(Array(text.utf8)) }

  /// Reads to the end of the file. `limit` bounds what an untrusted file may make us hold: past it the error is EFBIG.
  package func readAll(limit: Int = 64 << 20) throws(SystemError) -> [UInt8] {
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      var span = chunk.mutableSpan
      let count = try unsafe span.withUnsafeMutableBytes { (buffer) throws(SystemError) in try unsafe read(into: buffer) }
      if count == 0 { return content }
      if content.count + count > limit { throw SystemError("read", "descriptor \(rawValue)", .fileTooLarge) }
      content.append(contentsOf: chunk[..<count])
    }
  }

  /// fsync(2).
  package func synchronize() throws(SystemError) {
    try nothingOrError("fsync", "descriptor \(rawValue)") { fsync(rawValue) }
  }

  /// fdatasync(2): the data and the size, not the times.
  package func synchronizeData() throws(SystemError) {
    try nothingOrError("fdatasync", "descriptor \(rawValue)") { fdatasync(rawValue) }
  }
}

/// Writes every byte to a descriptor that somebody else owns (standard output, say).
package func writeEveryByte(to descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemError) {
  var rest = unsafe bytes
  while unsafe !rest.isEmpty {
    let count = try valueOrError("write", "descriptor \(descriptor)") {
      unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
    }
    unsafe rest = unsafe UnsafeRawBufferPointer(rebasing: rest[count...])
  }
}

/// The whole content of a file that tote or the user names; see ``OwnedDescriptor/readAll(limit:)`` for `limit`.
package func readFile(_ path: FilePath, limit: Int = 64 << 20) throws(SystemError) -> [UInt8] {
  let file = try openFile(path, .readOnly)
  do { return try file.readAll(limit: limit) } catch { throw SystemError("read", path, error.errno) }
}

/// Replaces `path` so that a reader sees the old content or the new one, never a part, and a crash after return keeps the
/// new one: temporary file beside it, fsync, rename, fsync of the directory.
package func replaceFile(
  _ path: FilePath, with content: [UInt8], mode: UInt32 = 0o644, durable: Bool = true
) throws(SystemError) {
  let directoryPath = path.removingLastComponent()
  let directory = try openFile(directoryPath.isEmpty ? FilePath(".") : directoryPath, [.readOnly, .directory])
  guard let name = path.lastComponent else { throw SystemError("open", path, .isDirectory) }
  try directory.replaceFile(FilePath(root: nil, [name]), with: content, mode: mode, durable: durable)
}

extension OwnedDescriptor {
  /// ``replaceFile(_:with:mode:durable:)`` for `name` in this directory.
  package func replaceFile(
    _ name: FilePath, with content: [UInt8], mode: UInt32 = 0o644, durable: Bool = true
  ) throws(SystemError) {
    let temporary = FilePath(".\(name).\(getpid()).\(UInt32.random(in: .min ... .max))")
    do {
      let file = try open(temporary, [.writeOnly, .create, .exclusive], mode: mode)
      try nothingOrError("chmod", quoted(temporary)) { fchmod(file.rawValue, mode_t(mode)) }
      try file.writeAll(content)
      if durable { try file.synchronizeData() }
      try rename(temporary, to: name)
    } catch {
      try? remove(temporary)
      throw SystemError("write", name, error.errno)
    }
    if durable { try synchronize() }
  }

  /// renameat(2) within this directory.
  package func rename(_ old: FilePath, to new: FilePath) throws(SystemError) {
    try rename(old, to: new, in: self)
  }

  /// renameat(2) from this directory into another.
  package func rename(_ old: FilePath, to new: FilePath, in other: borrowing OwnedDescriptor) throws(SystemError) {
    let target = other.rawValue
    try nothingOrError("rename", "\(quoted(old)) to \(quoted(new))") {
      unsafe old.withPlatformString { old in
        unsafe new.withPlatformString { new in unsafe renameat(rawValue, old, target, new) }
      }
    }
  }

  /// unlinkat(2); `directory` for an empty directory.
  package func remove(_ name: FilePath, directory: Bool = false) throws(SystemError) {
    try nothingOrError(directory ? "rmdir" : "unlink", quoted(name)) {
      unsafe name.withPlatformString { name in unsafe unlinkat(rawValue, name, directory ? AT_REMOVEDIR : 0) }
    }
  }
}

/// unlink(2) or rmdir(2) of a path that tote itself made.
package func removeFile(_ path: FilePath, directory: Bool = false) throws(SystemError) {
  try nothingOrError(directory ? "rmdir" : "unlink", quoted(path)) {
    unsafe path.withPlatformString { name in unsafe unlinkat(AT_FDCWD, name, directory ? AT_REMOVEDIR : 0) }
  }
}
