internal import LayerArchive
internal import Linux
internal import SystemPackage

/// Writes what a plan's walk finds to a layer, straight from the sources.
final class CopyLayer: CopyVisitor {
  private let writer: LayerWriter
  private let metadata: CopyMetadata
  /// The first path of each file with several names, by source.
  private var links: [Inode: BytePath] = [:]

  private struct Inode: Hashable {
    let source: ObjectIdentifier
    let device: UInt64
    let inode: UInt64
  }

  init(_ writer: LayerWriter, _ metadata: CopyMetadata) {
    self.writer = writer
    self.metadata = metadata
  }

  func existing(_ entry: TarEntry) throws(BuildError) { try reporting { try writer.add(entry) } }

  func made(_ path: BytePath, mode: UInt32) throws(BuildError) { try reporting { try writer.add(metadata.made(path, mode: mode)) } }

  func file(_ path: BytePath, _ contribution: CopyContribution) throws(BuildError) {
    switch contribution.content {
    case .inline(let bytes): try reporting { try writer.add(metadata.inline(path, size: bytes.count), bytes: bytes) }
    case .file(let root, let source, let status):
      try attempting("cannot copy '\(source)' from \(root.label)") {
        switch status.kind {
        case .regular: try addRegular(path, contribution, root, source)
        case .directory:
          try writer.add(metadata.entry(path, .directory, status, try attributes(root, source, contribution), of: root))
        default: try addSpecial(path, contribution, root, source, status)
        }
      }
    }
  }

  private func addRegular(_ path: BytePath, _ contribution: CopyContribution, _ root: SourceRoot, _ source: BytePath) throws {
    let file = try open(contribution, root, source)
    let status = try file.status()
    guard status.kind == .regular else { throw BuildError("'\(source)' changed its kind while it was read") }
    if status.linkCount > 1 {
      let inode = Inode(source: ObjectIdentifier(root), device: status.device, inode: status.inode)
      if let first = links[inode] { return try writer.add(metadata.entry(path, .hardLink(first), status, [], of: root)) }
      links[inode] = path
    }
    var attributes: [ExtendedAttribute] = []
    if !root.isContext {
      attributes = try file.extendedAttributes()
    } else if status.permissions & 0o111 != 0, let capability = try file.extendedAttribute("security.capability") {
      attributes = [ExtendedAttribute("security.capability", capability)]
    }
    try writer.add(metadata.entry(path, .regular, status, attributes, of: root), content: file)
  }

  private func addSpecial(
    _ path: BytePath, _ contribution: CopyContribution, _ root: SourceRoot, _ source: BytePath, _ status: FileStatus
  ) throws {
    let (major, minor) = status.deviceNumbers
    let kind: TarEntry.Kind
    switch status.kind {
    case .symbolicLink: kind = .symbolicLink(BytePath(try target(contribution, root, source)))
    case .characterDevice: kind = .characterDevice(major: major, minor: minor)
    case .blockDevice: kind = .blockDevice(major: major, minor: minor)
    default: kind = .fifo
    }
    try writer.add(metadata.entry(path, kind, status, [], of: root))
  }

  private func open(_ contribution: CopyContribution, _ root: SourceRoot, _ source: BytePath) throws -> OwnedDescriptor {
    guard let parent = contribution.parent, let (_, name) = source.split else { return try root.openFile(source) }
    return try parent.descriptor.open(FilePath(bytes: name), [.readOnly, .noFollow, .nonBlocking, .noControllingTerminal])
  }

  private func target(_ contribution: CopyContribution, _ root: SourceRoot, _ source: BytePath) throws -> [UInt8] {
    guard let (parent, name) = source.split else { return [] }
    let directory = try contribution.parent ?? root.openDirectory(parent)
    return try directory.descriptor.readSymbolicLink(FilePath(bytes: name))
  }

  private func attributes(_ root: SourceRoot, _ source: BytePath, _ contribution: CopyContribution) throws -> [ExtendedAttribute] {
    root.isContext ? [] : try root.openDirectory(source).descriptor.extendedAttributes()
  }
}
