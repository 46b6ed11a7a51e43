internal import Glibc
package import SystemPackage

extension FilePath {
  /// A path from an archive's or a directory's bytes, which must hold no NUL.
  package init(bytes: some Sequence<UInt8>) {
    var characters = bytes.map { CChar(bitPattern: $0) }
    precondition(!characters.contains(0), "NUL in a path")
    characters.append(0)
    self = unsafe characters.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return FilePath() }
      return unsafe FilePath(platformString: base)
    }
  }

  /// The path's bytes without the NUL.
  package var bytes: [UInt8] {
    unsafe withPlatformString { unsafe Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
  }
}

/// A directory entry whose name is kept as bytes, for code that sorts and archives names.
package struct NamedEntry: Sendable {
  package let name: [UInt8]
  package let kind: FileKind?
}

extension OwnedDescriptor {
  /// Every entry but `.` and `..`, sorted bytewise by name.
  package func sortedEntries() throws(SystemError) -> [NamedEntry] {
    let own = try open(FilePath("."), [.readOnly, .directory])
    guard let stream = unsafe fdopendir(own.rawValue) else {
      throw SystemError("opendir", "descriptor \(rawValue)", Errno(rawValue: Glibc.errno))
    }
    _ = own.release()
    defer { unsafe _ = closedir(stream) }
    var entries: [NamedEntry] = []
    while true {
      Glibc.errno = 0
      guard let entry = unsafe readdir(stream) else {
        if Glibc.errno != 0 { throw SystemError("readdir", "descriptor \(rawValue)", Errno(rawValue: Glibc.errno)) }
        break
      }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe Array(UnsafeRawBufferPointer(start: $0, count: strlen($0)))
        }
      }
      if name == [46] || name == [46, 46] { continue }
      entries.append(NamedEntry(name: name, kind: unsafe FileKind(directoryType: entry.pointee.d_type)))
    }
    return entries.sorted { bytesPrecede($0.name, $1.name) }
  }
}

/// memcmp(3) order, the shorter first where one begins with the other.
package func bytesPrecede(_ a: [UInt8], _ b: [UInt8]) -> Bool {
  let order = unsafe memcmp(a, b, min(a.count, b.count))
  return order == 0 ? a.count < b.count : order < 0
}
