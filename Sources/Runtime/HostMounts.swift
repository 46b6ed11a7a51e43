internal import Linux
internal import OCIRuntimeSpec
internal import SystemPackage

/// The mounts of a container that has no mount namespace of its own: they lie below its root file system in the runtime's.
enum HostMounts {
  /// Takes them away, the last first, never through a symbolic link.
  static func detach(_ configuration: RuntimeConfiguration, rootfs: FilePath) {
    let hasNamespace = configuration.linux?.namespaces?.contains { $0.type == .mount } ?? false
    if hasNamespace || configuration.mounts?.isEmpty != false { return }
    guard let root = try? RootDirectory(rootfs), let table = try? readFile("/proc/self/mountinfo") else { return }
    for place in places(String(decoding: table, as: UTF8.self), below: rootfs).reversed() {
      guard let name = place.lastComponent,
        let parent = try? root.open(place.removingLastComponent(), [.path, .directory], resolution: .noSymbolicLinks)
      else { continue }
      try? parent.unmount(FilePath(root: nil, [name]))
    }
  }

  /// The mount points (field 5 of proc_pid_mountinfo(5)) below `rootfs`, relative to it, in the order of the table.
  static func places(_ table: String, below rootfs: FilePath) -> [FilePath] {
    table.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ", maxSplits: 5)
      guard fields.count == 6 else { return nil }
      var place = FilePath(unescaped(fields[4]))
      return place.removePrefix(rootfs) && !place.isEmpty ? place : nil
    }
  }

  /// Blanks, tabs, newlines and backslashes are there as three octal digits.
  private static func unescaped(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), rest.count >= 3, let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8) {
        bytes.append(code)
        rest.removeFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
