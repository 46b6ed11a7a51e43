internal import SystemPackage

/// The sizes of all regular files below a directory, in bytes.
package func treeSize(_ directory: borrowing OwnedDescriptor) throws(SystemError) -> Int64 {
  var sum: Int64 = 0
  for entry in try directory.entries() {
    let name = FilePath(root: nil, [entry.name])
    // What a running container removes meanwhile does not count.
    guard let status = try? directory.status(of: name) else { continue }
    if status.kind == .regular { sum += status.size }
    if status.kind == .directory, let inner = try? directory.open(name, [.readOnly, .directory, .noFollow]) { sum += try treeSize(inner) }
  }
  return sum
}
