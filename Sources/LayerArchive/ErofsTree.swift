internal import Linux
internal import SystemPackage

/// The tree that a layer makes as a lower directory of overlayfs, kept in memory for an index: what ``LayerApplier`` does on the disk.
///
/// What is rare is not done twice: `unsuitable` says what an archive has that an index is not made for, and the layer is unpacked.
final class ErofsTree {
  let root: ErofsNode
  private(set) var isRootOpaque = false
  private(set) var unsuitable: String?
  private let lowers: LowerLayers
  private var count = 0

  /// More files than this would take much memory.
  private static let limit = 250_000

  init(lowers: [FilePath]) throws(SystemError) {
    self.lowers = try LowerLayers(lowers)
    root = try self.lowers.root().map { (file) throws(SystemError) in try ErofsTree.node(like: file) } ?? ErofsNode(.directory)
  }

  private static func node(like lower: LowerLayers.File) throws(SystemError) -> ErofsNode {
    let original = try lower.parent.open(lower.name, [.readOnly, .directory, .noFollow])
    return ErofsNode(
      .directory, mode: lower.status.permissions, userID: lower.status.userID, groupID: lower.status.groupID,
      modified: lower.status.modified, attributes: try original.extendedAttributes().filter(isStored))
  }

  /// The next entry; `position` is where its content begins.
  func add(_ entry: TarEntry, position: Int64?) throws(LayerError) {
    let (parent, name) = try LayerApplier.location(entry)
    count += 1
    if count > Self.limit { unsuitable = "more than \(Self.limit) entries" }
    if unsuitable != nil { return }
    if name.starts(with: Whiteout.prefix) {
      try naming(entry.path) { () throws(SystemError) in try addMarker(parent, name) }
      return
    }
    for attribute in entry.attributes where !ErofsAttributes.canStore(attribute) { unsuitable = "the attributes of '\(entry.path)'" }
    guard unsuitable == nil, let directory = try naming(entry.path, { () throws(SystemError) in try directory(parent, making: true) })
    else { return }
    if name.isEmpty || entry.kind == .directory {
      addDirectory(entry, name, in: directory)
    } else {
      try naming(entry.path) { () throws(SystemError) in try addLeaf(entry, name, position, in: directory) }
    }
  }

  private func addDirectory(_ entry: TarEntry, _ name: [UInt8], in parent: ErofsNode) {
    let old = name.isEmpty ? root : parent.children[name]
    guard let old, old.isDirectory else {
      let made = ErofsNode(.directory, of: entry)
      if let old {
        if !old.isWhiteout { return unsuitable = "'\(entry.path)' is there twice" }
        made.isOpaque = true
      }
      parent.children[name] = made
      return
    }
    (old.mode, old.userID, old.groupID, old.modified) = (entry.mode, entry.userID, entry.groupID, entry.modified)
    old.attributes = entry.attributes
  }

  private func addLeaf(_ entry: TarEntry, _ name: [UInt8], _ position: Int64?, in parent: ErofsNode) throws(SystemError) {
    if let old = parent.children[name], !old.isWhiteout { return unsuitable = "'\(entry.path)' is there twice" }
    let kind: ErofsNode.Kind
    switch entry.kind {
    case .directory: return
    case .regular:
      guard let position, position % 512 == 0 else { return unsuitable = "the sparse file '\(entry.path)'" }
      kind = .regular(position: position, size: entry.size)
    case .symbolicLink(let target):
      guard (1..<4096).contains(target.bytes.count) else { return unsuitable = "the target of '\(entry.path)'" }
      kind = .symbolicLink(target.bytes)
    case .hardLink(let target):
      guard let (parentPath, targetName) = target.normalized?.split,
        let file = try directory(parentPath, making: false)?.children[targetName], !file.isDirectory, !file.isWhiteout
      else { return unsuitable = "the link '\(entry.path)' to a file that is not in the layer" }
      file.links += 1
      parent.children[name] = file
      return
    case .characterDevice(0, 0): return unsuitable = "the device 0:0 '\(entry.path)'"
    case .characterDevice(let major, let minor): kind = .characterDevice(major: major, minor: minor)
    case .blockDevice(let major, let minor): kind = .blockDevice(major: major, minor: minor)
    case .fifo: kind = .fifo
    }
    let node = ErofsNode(kind, of: entry)
    // symlink(7): the mode of a link is always this.
    if case .symbolicLink = kind { node.mode = 0o777 }
    parent.children[name] = node
  }

  /// The directory at `path`, made as ``TargetTree/directory(_:creating:)`` makes it; nil where there is none or a link leads there.
  private func directory(_ path: BytePath, making: Bool) throws(SystemError) -> ErofsNode? {
    var here = root
    var walked: [[UInt8]] = []
    var isHidden = isRootOpaque
    for component in path.components {
      walked.append(component)
      if let next = here.children[component], next.isDirectory {
        here = next
        isHidden = isHidden || next.isOpaque
        continue
      }
      let old = here.children[component]
      if let old, !old.isWhiteout {
        unsuitable = "'\(BytePath(components: walked))' is not a directory"
        return nil
      }
      let lower = old == nil && !isHidden ? try lowers.find(walked) : nil
      if lower?.status.kind == .symbolicLink {
        unsuitable = "'\(BytePath(components: walked))' is a link"
        return nil
      }
      let made: ErofsNode
      if let lower, lower.status.kind == .directory {
        made = try ErofsTree.node(like: lower)
      } else if making {
        made = ErofsNode(.directory)
      } else {
        return nil
      }
      made.isOpaque = old != nil
      isHidden = isHidden || made.isOpaque
      here.children[component] = made
      here = made
    }
    return here
  }

  // MARK: Whiteouts

  private func addMarker(_ parent: BytePath, _ name: [UInt8]) throws(SystemError) {
    let isOpaque = name == Whiteout.opaque
    if !isOpaque, name.starts(with: Whiteout.reserved) { return }
    let target = Array(name.dropFirst(Whiteout.prefix.count))
    if !isOpaque, target.isEmpty || target == [dot] || target == [dot, dot] { return unsuitable = "a whiteout of nothing" }
    guard let directory = try directory(parent, making: false) else { return }
    if isOpaque {
      if directory === root { isRootOpaque = true } else { directory.isOpaque = true }
    } else if let old = directory.children[target] {
      if old.isDirectory { old.isOpaque = true }
    } else if !isHidden(parent), try lowers.find(parent.components + [target]) != nil {
      directory.children[target] = .whiteout
    }
  }

  private func isHidden(_ path: BytePath) -> Bool {
    var here = root
    for component in path.components {
      guard let next = here.children[component] else { break }
      if next.isOpaque { return true }
      here = next
    }
    return isRootOpaque
  }

  /// In a directory that is opaque a whiteout hides nothing and would be listed. The last thing to be done.
  func finish() { removeWhiteouts(in: root, isHidden: isRootOpaque) }

  private func removeWhiteouts(in directory: ErofsNode, isHidden: Bool) {
    if isHidden { directory.children = directory.children.filter { !$0.value.isWhiteout } }
    for child in directory.children.values where child.isDirectory { removeWhiteouts(in: child, isHidden: isHidden || child.isOpaque) }
  }
}
