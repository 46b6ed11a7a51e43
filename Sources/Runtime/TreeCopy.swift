internal import Linux
internal import SystemPackage

/// Copies what `source`, a directory inside the root file system, holds into the new file system `target` (`tmpcopyup`). Both are
/// walked by descriptor and no symbolic link is followed.
func copyTree(from source: borrowing OwnedDescriptor, to target: borrowing OwnedDescriptor) throws(SystemError) {
  for entry in try source.entries() {
    let name = FilePath(root: nil, [entry.name])
    let status = try source.status(of: name)
    switch status.kind {
    case .directory:
      try target.makeDirectory(name, mode: status.permissions)
      let inner = try source.open(name, [.readOnly, .directory, .noFollow])
      try copyTree(from: inner, to: try target.open(name, [.readOnly, .directory, .noFollow]))
    case .regular:
      let file = try target.open(name, [.writeOnly, .create, .exclusive], mode: status.permissions)
      try source.open(name, [.readOnly, .noFollow]).copyContent(to: file)
    case .symbolicLink:
      try target.makeSymbolicLink(name, to: try source.readSymbolicLink(name))
    case .characterDevice, .blockDevice, .fifo:
      let numbers = deviceNumbers(status.representedDevice)
      try target.makeNode(name, status.kind, mode: status.permissions, major: numbers.major, minor: numbers.minor)
    case .socket: continue
    }
    try target.changeOwner(of: name, userID: status.userID, groupID: status.groupID)
    if status.kind != .symbolicLink { try target.changePermissions(name, status.permissions) }
  }
}
