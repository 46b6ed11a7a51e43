internal import SystemPackage

/// The caller's own user namespace (user_namespaces(7)).
package enum OwnUserNamespace {
  /// Whether it is the first one, whose root is root over everything. Where nothing tells, it is taken to be.
  package static let isInitial: Bool = {
    guard let lines = try? mapping("uid_map") else { return true }
    return lines.count == 1 && lines[0] == [0, 0, UInt64(UInt32.max)]
  }()

  /// The highest group ID that the namespace has.
  package static var highestGroupID: UInt32 {
    let ends = ((try? mapping("gid_map")) ?? []).map { $0[0] + $0[2] - 1 }
    return ends.max().flatMap { UInt32(exactly: $0) } ?? .max
  }

  /// Lines of first ID inside, first ID outside, count.
  private static func mapping(_ name: String) throws(SystemError) -> [[UInt64]] {
    let text = String(decoding: try readFile(FilePath("/proc/self/" + name), limit: 1 << 16), as: UTF8.self)
    return text.split(separator: "\n").map { $0.split(separator: " ").compactMap { UInt64($0) } }.filter { $0.count == 3 }
  }
}

/// overlayfs' own extended attributes (Documentation/filesystems/overlayfs.rst).
package enum OverlayAttributes {
  /// The kernel's for mounts by root; nobody else may set them.
  package static let trusted = "trusted.overlay."
  /// Those of mounts with the option `userxattr`, the only ones that work in a user namespace.
  package static let user = "user.overlay."
  /// Those that mounts made here have.
  package static let prefix = OwnUserNamespace.isInitial ? trusted : user

  package static func isOne(_ attribute: ExtendedAttribute) -> Bool {
    attribute.name.starts(with: trusted.utf8) || attribute.name.starts(with: user.utf8)
  }
}

extension FileSystemContext {
  /// A new overlay, with the attributes that are possible here.
  package static func overlay() throws(SystemError) -> FileSystemContext {
    let context = try FileSystemContext("overlay")
    try context.set("source", "tote")
    if !OwnUserNamespace.isInitial { try context.set("userxattr") }
    return context
  }
}
