package import SystemPackage

/// A lower directory of overlayfs, open as long as this lives: a directory as it is, or one named `….erofs`, in which `index` is an
/// EROFS file system that has `archive` as its device. That one is mounted without a place, and goes with its last user.
package final class LowerLayer: Sendable {
  /// `O_PATH`.
  package let root: OwnedDescriptor
  package let isIndex: Bool

  /// - Parameter isIndex: what the directory is where its name does not say it yet.
  package init(_ path: FilePath, isIndex: Bool? = nil) throws(SystemError) {
    self.isIndex = isIndex ?? LowerLayer.isIndex(path)
    guard self.isIndex else {
      root = try openFile(path, [.path, .directory])
      return
    }
    let context = try FileSystemContext("erofs")
    try context.set("source", path: path.appending("index"))
    try context.set("device", path: path.appending("archive"))
    try context.set("ro")
    root = try context.mount([.readOnly])
  }

  package static func isIndex(_ path: FilePath) -> Bool { path.extension == "erofs" }
}
