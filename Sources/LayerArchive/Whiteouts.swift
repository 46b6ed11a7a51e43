internal import Linux
internal import SystemPackage

extension LayerApplier {
  /// Carries out a name that begins with `.wh.` (layer.md#whiteouts).
  func applyMarker(_ entry: TarEntry, _ parent: BytePath, _ name: [UInt8]) throws(LayerError) {
    let isOpaque = name == Whiteout.opaque
    if !isOpaque, name.starts(with: Whiteout.reserved) { return }
    let target = Array(name.dropFirst(Whiteout.prefix.count))
    if target.isEmpty || target == [dot] || target == [dot, dot] {
      throw LayerError(entry.path, .refused("a whiteout of nothing that a directory can hold"))
    }
    try naming(entry.path) { () throws(SystemError) in
      // Where neither this layer nor those below have the directory there is nothing to hide.
      guard let directory = try tree.directory(parent, creating: false) else { return }
      if isOpaque { try hideAll(in: directory) } else { try hide(target, in: directory) }
    }
  }

  private func hide(_ target: [UInt8], in directory: TargetTree.Directory) throws(SystemError) {
    let name = FilePath(bytes: target)
    let status = try directory.descriptor.statusIfPresent(of: name)
    if isOverlay { return try hideBelow(target, name, status, in: directory) }
    guard let status else { return }
    let path = directory.path.appending(target)
    if wasMade(target, in: directory) {
      if status.kind == .directory, let inner = try tree.directory(path, creating: false) { try removeWhatWas(in: inner) }
    } else if status.kind != .directory {
      try directory.descriptor.remove(name)
    } else if !(try holdsMade(path)) {
      try directory.descriptor.removeTree(name)
      tree.forget(path)
    }
  }

  private func hideBelow(
    _ target: [UInt8], _ name: FilePath, _ status: FileStatus?, in directory: TargetTree.Directory
  ) throws(SystemError) {
    if let status {
      // The layer has a file of this name: it hides what is below already, but a directory shows it until it is opaque.
      if status.kind == .directory {
        let inner = try directory.descriptor.open(name, [.readOnly, .directory, .noFollow])
        try markOpaque(inner, directory.path.appending(target))
      }
      return
    }
    // overlayfs would list a whiteout of nothing in a directory that it does not merge.
    guard let lowers = tree.lowers, !(try tree.isHidden(directory.path)),
      try lowers.find(directory.path.components + [target]) != nil
    else { return }
    try directory.descriptor.makeNode(name, .characterDevice, mode: 0)
  }

  private func hideAll(in directory: TargetTree.Directory) throws(SystemError) {
    if isOverlay {
      try markOpaque(directory.descriptor, directory.path)
    } else {
      try removeWhatWas(in: directory)
    }
  }

  /// Makes overlayfs show nothing of the layers below in the directory.
  func markOpaque(_ directory: borrowing OwnedDescriptor, _ path: BytePath) throws(SystemError) {
    opaqueDirectories.append(path)
    if path.isEmpty {
      tree.isRootOpaque = true
    } else {
      try directory.setExtendedAttribute(ExtendedAttribute(Overlay.opaque, [UInt8(ascii: "y")]))
    }
  }

  /// Removes from a flattened directory what this layer has not made.
  private func removeWhatWas(in directory: TargetTree.Directory) throws(SystemError) {
    for entry in try directory.descriptor.sortedEntries() {
      let name = FilePath(bytes: entry.name)
      let path = directory.path.appending(entry.name)
      let isDirectory = try directory.descriptor.status(of: name).kind == .directory
      if wasMade(entry.name, in: directory) {
        if isDirectory, let inner = try tree.directory(path) { try removeWhatWas(in: inner) }
      } else if !isDirectory {
        try directory.descriptor.remove(name)
      } else if !(try holdsMade(path)) {
        try directory.descriptor.removeTree(name)
        tree.forget(path)
      }
    }
  }

  /// Whether a directory that the layer does not name has something of the layer in it: then only the rest goes.
  private func holdsMade(_ path: BytePath) throws(SystemError) -> Bool {
    guard let inner = try tree.directory(path), try hasMade(below: inner) else { return false }
    try removeWhatWas(in: inner)
    return true
  }

  private func hasMade(below directory: TargetTree.Directory) throws(SystemError) -> Bool {
    for entry in try directory.descriptor.sortedEntries() {
      if wasMade(entry.name, in: directory) { return true }
      if try directory.descriptor.status(of: FilePath(bytes: entry.name)).kind == .directory,
        let inner = try tree.directory(directory.path.appending(entry.name)), try hasMade(below: inner)
      {
        return true
      }
    }
    return false
  }

  /// In a directory that is opaque a whiteout hides nothing and would be listed.
  func removeWhiteouts(below path: BytePath) throws(SystemError) {
    let directory = try tree.root.open(path.filePath, [.readOnly, .directory], resolution: .noSymbolicLinks)
    for entry in try directory.sortedEntries() {
      let status = try directory.status(of: FilePath(bytes: entry.name))
      if status.isWhiteout {
        try directory.remove(FilePath(bytes: entry.name))
      } else if status.kind == .directory {
        try removeWhiteouts(below: path.appending(entry.name))
      }
    }
  }
}
