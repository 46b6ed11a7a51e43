internal import Linux
internal import SystemPackage

/// Copies all that is in `source` into `target`, walking both by descriptor and following no symbolic link.
func copyContents(from source: borrowing OwnedDescriptor, to target: borrowing OwnedDescriptor) throws(SystemError) {
  for entry in try source.entries() {
    let name = FilePath(root: nil, [entry.name])
    let status = try source.status(of: name)
    switch status.kind {
    case .directory: try copyDirectory(name, status, from: source, to: target)
    case .regular: try copyRegularFile(name, status, from: source, to: target)
    case .symbolicLink:
      try target.makeSymbolicLink(name, to: try source.readSymbolicLink(name))
      try target.changeOwner(of: name, userID: status.userID, groupID: status.groupID)
      try target.setModified(of: name, status.modified)
    case .characterDevice, .blockDevice, .fifo:
      let numbers = status.deviceNumbers
      try target.makeNode(name, status.kind, mode: status.permissions, major: numbers.major, minor: numbers.minor)
      try target.changeOwner(of: name, userID: status.userID, groupID: status.groupID)
      try target.setModified(of: name, status.modified)
    // A socket without its listener is nothing.
    case .socket: continue
    }
  }
}

private func copyDirectory(
  _ name: FilePath, _ status: FileStatus, from source: borrowing OwnedDescriptor, to target: borrowing OwnedDescriptor
) throws(SystemError) {
  try target.makeDirectory(name, mode: 0o700)
  let made = try target.open(name, [.readOnly, .directory, .noFollow])
  let original = try source.open(name, [.readOnly, .directory, .noFollow])
  try copyContents(from: original, to: made)
  try copyAttributes(status, from: original, to: made)
}

private func copyRegularFile(
  _ name: FilePath, _ status: FileStatus, from source: borrowing OwnedDescriptor, to target: borrowing OwnedDescriptor
) throws(SystemError) {
  let original = try source.open(name, [.readOnly, .noFollow, .nonBlocking])
  let made = try target.open(name, [.writeOnly, .create, .exclusive], mode: 0o600)
  var chunk = [UInt8](repeating: 0, count: 256 << 10)
  while true {
    var span = chunk.mutableSpan
    let count = try unsafe span.withUnsafeMutableBytes { (buffer) throws(SystemError) in try unsafe original.read(into: buffer) }
    if count == 0 { break }
    try unsafe chunk.span.bytes.withUnsafeBytes { (bytes) throws(SystemError) in
      try unsafe made.writeAll(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    }
  }
  try copyAttributes(status, from: original, to: made)
}

/// The owner first: chown(2) clears the set-user-ID bit and file capabilities.
private func copyAttributes(
  _ status: FileStatus, from source: borrowing OwnedDescriptor, to target: borrowing OwnedDescriptor
) throws(SystemError) {
  try target.changeOwner(userID: status.userID, groupID: status.groupID)
  for attribute in try source.extendedAttributes() where !OverlayAttributes.isOne(attribute) {
    try target.setExtendedAttribute(attribute)
  }
  try target.changeMode(status.permissions)
  try target.setModified(status.modified)
}
