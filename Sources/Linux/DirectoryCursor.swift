package import SystemPackage

/// A place in a directory tree that moves down by name and up by `..`, with one descriptor however deep the tree is.
///
/// On the way up the directory must be the one that was come from: a tree that is moved meanwhile is ESTALE, not followed.
package struct DirectoryCursor: ~Copyable {
  package private(set) var directory: OwnedDescriptor
  private var ancestors: [(device: UInt64, inode: UInt64)] = []

  package init(_ directory: borrowing OwnedDescriptor) throws(SystemError) {
    self.directory = try directory.open(FilePath("."), [.readOnly, .directory])
  }

  package var depth: Int { ancestors.count }

  /// Enters `name`, which must be a directory and no symbolic link.
  package mutating func descend(_ name: FilePath) throws(SystemError) {
    let here = try directory.status()
    directory = try directory.open(name, [.readOnly, .directory, .noFollow])
    ancestors.append((here.device, here.inode))
  }

  /// Back to the directory above.
  package mutating func ascend() throws(SystemError) {
    guard let expected = ancestors.popLast() else { throw SystemError("open", "'..'", .invalidArgument) }
    let above = try directory.open(FilePath(".."), [.readOnly, .directory, .noFollow])
    let status = try above.status()
    if status.device != expected.device || status.inode != expected.inode {
      throw SystemError("open", "'..'", .staleNFSFileHandle)
    }
    directory = above
  }
}
