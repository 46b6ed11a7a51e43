internal import Linux
internal import SystemPackage

/// The unpacked layers below the one that is being unpacked, topmost first, seen as overlayfs would show them.
final class LowerLayers {
  /// A file of the topmost layer that has it.
  final class File {
    let parent: OwnedDescriptor
    let name: FilePath
    let status: FileStatus

    init(_ parent: consuming OwnedDescriptor, _ name: FilePath, _ status: FileStatus) {
      self.parent = parent
      self.name = name
      self.status = status
    }
  }

  private let layers: [LowerLayer]

  init(_ directories: [FilePath]) throws(SystemError) {
    var layers: [LowerLayer] = []
    for directory in directories { layers.append(try LowerLayer(directory)) }
    self.layers = layers
  }

  /// The topmost layer's root directory.
  func root() throws(SystemError) -> File? {
    guard let layer = layers.first else { return nil }
    let name = FilePath(".")
    return File(try layer.root.open(name, [.readOnly, .directory]), name, try layer.root.status(of: name))
  }

  /// What the merged tree has at `components`, none of which is followed as a symbolic link; nil where a whiteout, an opaque
  /// directory or a file in a directory's place hides it.
  func find(_ components: [[UInt8]]) throws(SystemError) -> File? {
    for layer in layers {
      switch try find(components, in: layer) {
      case .file(let file, _): return file
      case .hidden: return nil
      case .absent: continue
      }
    }
    return nil
  }

  /// The names in the merged directory at `components`; none where it is hidden or no directory.
  func names(in components: [[UInt8]]) throws(SystemError) -> Set<[UInt8]> {
    var shown: Set<[UInt8]> = []
    var hidden: Set<[UInt8]> = []
    for layer in layers {
      switch try find(components, in: layer) {
      case .absent: continue
      case .hidden: return shown
      case .file(let file, let isLast):
        guard file.status.kind == .directory else { return shown }
        let directory = try file.parent.open(file.name, [.readOnly, .directory, .noFollow])
        for entry in try directory.sortedEntries() where !hidden.contains(entry.name) {
          let isWhiteout = try directory.status(of: FilePath(bytes: entry.name)).isWhiteout
          if isWhiteout { hidden.insert(entry.name) } else { shown.insert(entry.name) }
        }
        if isLast { return shown }
        if try directory.isOpaque() { return shown }
      }
    }
    return shown
  }

  private enum Finding {
    /// `isLast` where a directory above it hides the layers below.
    case file(File, isLast: Bool)
    /// Not here, and the layers below do not count.
    case hidden
    case absent
  }

  private func find(_ components: [[UInt8]], in layer: LowerLayer) throws(SystemError) -> Finding {
    var directory = try layer.root.open(FilePath("."), [.readOnly, .directory])
    var isOpaque = false
    for (index, component) in components.enumerated() {
      let name = FilePath(bytes: component)
      guard let status = try directory.statusIfPresent(of: name) else { return isOpaque ? .hidden : .absent }
      if status.isWhiteout { return .hidden }
      if index == components.count - 1 { return .file(File(directory, name, status), isLast: isOpaque) }
      if status.kind != .directory { return .hidden }
      directory = try directory.open(name, [.readOnly, .directory, .noFollow])
      if try directory.isOpaque() { isOpaque = true }
    }
    let status = try directory.status()
    return .file(File(directory, FilePath("."), status), isLast: false)
  }
}

extension OwnedDescriptor {
  /// The metadata of `name`, nil where there is no such file.
  func statusIfPresent(of name: FilePath) throws(SystemError) -> FileStatus? {
    do { return try status(of: name) } catch  where error.errno == .noSuchFileOrDirectory { return nil }
  }

  /// Whether overlayfs shows nothing of the layers below in this directory.
  func isOpaque() throws(SystemError) -> Bool { try extendedAttribute(Overlay.opaque) == [UInt8(ascii: "y")] }
}

extension FileStatus {
  /// overlayfs's mark of a removed file.
  var isWhiteout: Bool { kind == .characterDevice && representedDevice == 0 }
}
