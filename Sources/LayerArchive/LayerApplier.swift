internal import Linux
internal import SystemPackage

/// Carries out a layer's entries one by one.
final class LayerApplier {
  let tree: TargetTree
  let isOverlay: Bool
  private let hasMarkers: Bool
  let warn: (BytePath, String) -> Void
  /// What this layer has made in a flattened tree: whiteouts remove only what was there before.
  private var made: Set<Made> = []
  /// Directories that hide the layers below, by their real path.
  var opaqueDirectories: [BytePath] = []

  private struct Made: Hashable {
    let directory: TargetTree.Inode
    let name: [UInt8]
  }

  init(_ target: FilePath, _ options: ApplyOptions) throws(LayerError) {
    warn = options.warn
    if case .verbatim = options.form { hasMarkers = false } else { hasMarkers = true }
    do {
      let directory = try openFile(target, [.readOnly, .directory])
      switch options.form {
      case .flattened, .verbatim:
        isOverlay = false
        tree = try TargetTree(directory, lowers: nil)
      case .overlay(let lowers):
        isOverlay = true
        tree = try TargetTree(directory, lowers: LowerLayers(lowers))
        if let root = try tree.directory("") { try tree.copyMetadata(of: tree.lowers?.root(), to: root) }
      }
    } catch { throw LayerError(nil, .system(error)) }
  }

  /// Where an entry goes: its directory and name; an empty name is the root itself. Refuses what has no place in a root file system.
  static func location(_ entry: TarEntry) throws(LayerError) -> (parent: BytePath, name: [UInt8]) {
    guard let path = entry.path.normalized else {
      throw LayerError(entry.path, .refused("'..' or a NUL in a path"))
    }
    guard let (parent, name) = path.split else {
      if entry.kind == .directory { return ("", []) }
      throw LayerError(entry.path, .refused("the root of a layer must be a directory"))
    }
    if name.count > 255 { throw LayerError(entry.path, .limit("a name of \(name.count) bytes")) }
    return (parent, name)
  }

  func apply(_ entry: TarEntry, _ reader: TarReader) throws(LayerError) {
    let (parent, name) = try LayerApplier.location(entry)
    if hasMarkers, name.starts(with: Whiteout.prefix) { return try applyMarker(entry, parent, name) }
    let problem: LayerError?
    do throws(SystemError) {
      guard let directory = try tree.directory(parent) else { return }
      problem = try applyEntry(entry, directory, name, reader)
    } catch { throw LayerError(entry.path, .system(error)) }
    if let problem { throw problem }
  }

  /// The times of directories, and what can only be seen when all entries are there.
  func finish() throws(LayerError) {
    try naming(nil) { () throws(SystemError) in
      for path in opaqueDirectories { try removeWhiteouts(below: path) }
      try tree.applyTimes()
    }
  }

  /// Problems of the archive are returned, those of the system thrown.
  private func applyEntry(
    _ entry: TarEntry, _ directory: TargetTree.Directory, _ name: [UInt8], _ reader: TarReader
  ) throws(SystemError) -> LayerError? {
    let creation = EntryCreation(self, entry, directory, name)
    if !isOverlay, !name.isEmpty { made.insert(Made(directory: directory.inode, name: name)) }
    switch entry.kind {
    case .directory: try creation.makeDirectory()
    case .regular:
      return try creation.makeFile { (file) throws(SystemError) in
        do throws(LayerError) {
          while let content = try reader.nextContent() {
            do throws(SystemError) {
              try unsafe file.writeAll(content.bytes, at: content.offset)
            } catch { throw LayerError(entry.path, .system(error)) }
          }
          return nil
        } catch { return error }
      }
    case .hardLink(let target): return try creation.makeLink(target)
    case .characterDevice(0, 0) where isOverlay:
      // It would hide what the layers below have there.
      warn(entry.path, "a character device 0:0 cannot be stored in an overlay layer and is left out")
    case .symbolicLink, .characterDevice, .blockDevice, .fifo: try creation.makeSpecial()
    }
    return nil
  }

  func wasMade(_ name: [UInt8], in directory: TargetTree.Directory) -> Bool {
    made.contains(Made(directory: directory.inode, name: name))
  }
}
