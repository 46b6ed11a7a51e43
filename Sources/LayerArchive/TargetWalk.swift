internal import Linux
internal import SystemPackage

/// Finds a directory of the target component by component where the kernel cannot: through symbolic links that lead to what only
/// the layers below have, and making what is missing.
struct TargetWalk {
  private let tree: TargetTree
  private let creating: Bool
  /// Real directories of the target, from its root.
  private var resolved: [[UInt8]] = []
  /// What is left to find, next one last.
  private var pending: [[UInt8]]
  private var links = 0

  init(_ tree: TargetTree, _ components: [[UInt8]], creating: Bool) throws(SystemError) {
    self.tree = tree
    self.creating = creating
    pending = components.reversed()
  }

  mutating func run() throws(SystemError) -> TargetTree.Directory? {
    while let component = pending.popLast() {
      if component == [dot, dot] {
        _ = resolved.popLast()
      } else if !(try enter(component)) {
        return nil
      }
    }
    let directory = try open()
    let status = try directory.status()
    let found = TargetTree.Directory(directory, BytePath(components: resolved), status)
    tree.keepTime(of: found, status)
    return found
  }

  private func open() throws(SystemError) -> OwnedDescriptor {
    try tree.root.open(
      BytePath(components: resolved).filePath, [.readOnly, .directory], resolution: .noSymbolicLinks)
  }

  /// One step down, or a symbolic link put in place of the step. False where there is nothing and nothing may be made.
  private mutating func enter(_ component: [UInt8]) throws(SystemError) -> Bool {
    let name = FilePath(bytes: component)
    let directory = try open()
    let status = try directory.statusIfPresent(of: name)
    switch status?.kind {
    case .directory?:
      resolved.append(component)
      return true
    case .symbolicLink?:
      try follow(try directory.readSymbolicLink(name), component)
      return true
    default: break
    }
    let lower = status == nil ? try lowerFile(component) : nil
    if let lower, lower.status.kind == .symbolicLink {
      try follow(try lower.parent.readSymbolicLink(lower.name), component)
      return true
    }
    let isDirectoryBelow = lower?.status.kind == .directory
    if !creating && !isDirectoryBelow { return false }
    try make(name, component, in: directory, replacing: status, like: isDirectoryBelow ? lower : nil)
    return true
  }

  private func lowerFile(_ component: [UInt8]) throws(SystemError) -> LowerLayers.File? {
    guard let lowers = tree.lowers, !(try tree.isHidden(BytePath(components: resolved))) else { return nil }
    return try lowers.find(resolved + [component])
  }

  private mutating func follow(_ target: [UInt8], _ component: [UInt8]) throws(SystemError) {
    links += 1
    if links > 40 { throw SystemError("open", quoted("\(BytePath(component))"), .tooManySymbolicLinkLevels) }
    let target = BytePath(target)
    if target.bytes.first == slash { resolved = [] }
    pending += target.components.reversed()
  }

  /// Makes a directory that no entry describes (yet).
  private mutating func make(
    _ name: FilePath, _ component: [UInt8], in parent: borrowing OwnedDescriptor, replacing status: FileStatus?,
    like lower: LowerLayers.File?
  ) throws(SystemError) {
    if status != nil { try parent.remove(name) }
    try parent.makeDirectory(name, mode: 0o700)
    let made = try parent.open(name, [.readOnly, .directory, .noFollow])
    resolved.append(component)
    let directory = TargetTree.Directory(
      try made.open(FilePath("."), [.readOnly, .directory]), BytePath(components: resolved), try made.status())
    try tree.copyMetadata(of: lower, to: directory)
    // A removed directory and a new one in the same layer: nothing of the old one may show.
    if tree.lowers != nil, status?.isWhiteout == true {
      try made.setExtendedAttribute(ExtendedAttribute(Overlay.opaque, [UInt8(ascii: "y")]))
    }
  }
}

extension TargetTree {
  /// Owner, mode, attributes and time of a directory below; root's and 0755 where there is none.
  func copyMetadata(of lower: LowerLayers.File?, to directory: Directory) throws(SystemError) {
    guard let lower else {
      try directory.descriptor.changeOwner(userID: 0, groupID: 0)
      try directory.descriptor.changeMode(0o755)
      return setTime(of: directory, Timestamp(seconds: 0))
    }
    let original = try lower.parent.open(lower.name, [.readOnly, .directory, .noFollow])
    try directory.descriptor.changeOwner(userID: lower.status.userID, groupID: lower.status.groupID)
    try directory.descriptor.changeMode(lower.status.permissions)
    for attribute in try original.extendedAttributes() where isStored(attribute: attribute) {
      try directory.descriptor.setExtendedAttribute(attribute)
    }
    setTime(of: directory, lower.status.modified)
  }
}
