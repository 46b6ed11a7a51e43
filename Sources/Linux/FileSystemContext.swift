internal import CLinux
internal import Glibc
package import SystemPackage

/// A file system that is being set up (fsopen(2)) and then mounted without a place (fsmount(2)).
package struct FileSystemContext: ~Copyable {
  private let context: OwnedDescriptor
  private let type: String

  package init(_ type: String) throws(SystemError) {
    context = OwnedDescriptor(try valueOrError("fsopen", quoted(type)) { unsafe clinux_fsopen(type, 1) })
    self.type = type
  }

  /// Sets `key` to `value`, or the flag `key` where value is nil (`FSCONFIG_SET_STRING`, `FSCONFIG_SET_FLAG`).
  package func set(_ key: String, _ value: String? = nil) throws(SystemError) {
    let descriptor = context.rawValue
    do {
      try nothingOrError("fsconfig", object(key, value)) {
        if let value { return unsafe clinux_fsconfig(descriptor, 1, key, value, 0) }
        return unsafe clinux_fsconfig(descriptor, 0, key, nil, 0)
      }
    } catch { throw explained(error) }
  }

  /// Sets `key` to a path's bytes; with `appending` again and again (`lowerdir+` of overlayfs, kernel 6.5).
  package func set(_ key: String, path: FilePath) throws(SystemError) {
    let descriptor = context.rawValue
    do {
      try nothingOrError("fsconfig", object(key, "\(path)")) {
        unsafe path.withPlatformString { unsafe clinux_fsconfig(descriptor, 1, key, $0, 0) }
      }
    } catch { throw explained(error) }
  }

  /// Sets `key` to an open file (`FSCONFIG_SET_FD`; `lowerdir+` of overlayfs takes one since kernel 6.13).
  package func set(_ key: String, _ file: borrowing OwnedDescriptor) throws(SystemError) {
    let (descriptor, value) = (context.rawValue, file.rawValue)
    do {
      try nothingOrError("fsconfig", object(key, "descriptor \(value)")) { unsafe clinux_fsconfig(descriptor, 5, key, nil, value) }
    } catch { throw explained(error) }
  }

  /// Creates the file system and gives a detached mount of it.
  package func mount(_ attributes: MountAttributes = []) throws(SystemError) -> OwnedDescriptor {
    let descriptor = context.rawValue
    do {
      try nothingOrError("fsconfig", quoted(type)) { clinux_fsconfig(descriptor, 6, nil, nil, 0) }
      return OwnedDescriptor(
        try valueOrError("fsmount", quoted(type)) { clinux_fsmount(descriptor, 1, UInt32(attributes.rawValue)) })
    } catch { throw explained(error) }
  }

  private func object(_ key: String, _ value: String?) -> String {
    "\(quoted(type)) option \(quoted(value.map { "\(key)=\($0)" } ?? key))"
  }

  /// What the file system had to say about it: read(2) on the context gives lines such as `e overlay: …`.
  private func explained(_ error: SystemError) -> SystemError {
    var line = [UInt8](repeating: 0, count: 512)
    var span = line.mutableSpan
    let count = unsafe span.withUnsafeMutableBytes { buffer in unsafe (try? context.read(into: buffer)) ?? 0 }
    guard count > 2 else { return error }
    let text = String(decoding: line[2..<count].prefix { $0 != 10 }, as: UTF8.self)
    return SystemError(error.call, "\(error.object ?? quoted(type)) (\(text))", error.errno)
  }
}
