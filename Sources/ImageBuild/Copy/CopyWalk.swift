internal import Dockerfile
internal import LayerArchive
internal import Linux
internal import SystemPackage

/// What a walk over a plan finds, in the layer's order.
protocol CopyVisitor: AnyObject {
  /// A directory that the image has already and that only leads to what is new.
  func existing(_ entry: TarEntry) throws(BuildError)
  /// A directory that the instruction makes.
  func made(_ path: BytePath, mode: UInt32) throws(BuildError)
  /// A file or directory of a source.
  func file(_ path: BytePath, _ contribution: CopyContribution) throws(BuildError)
}

/// Walks a plan: lists the sources' directories, merges what goes to one place, and holds every path against what the image has.
/// Memory grows with the depth of the tree and the size of its directories, not with the number of files.
struct CopyWalk {
  private let plan: CopyPlan
  private let visitor: any CopyVisitor
  /// Directories that are visited when something below them is.
  private var pending: [Directory] = []

  private enum Directory {
    case visited
    case existing(TarEntry)
    case made(BytePath, UInt32)
    case file(BytePath, CopyContribution)
  }

  static func visit(_ plan: CopyPlan, _ visitor: any CopyVisitor) throws(BuildError) {
    var walk = CopyWalk(plan: plan, visitor: visitor)
    try walk.visit(plan.root, [], "", inExisting: true)
  }

  private init(plan: CopyPlan, visitor: any CopyVisitor) {
    self.plan = plan
    self.visitor = visitor
  }

  private mutating func visit(
    _ target: CopyTarget?, _ found: [CopyContribution], _ path: BytePath, inExisting: Bool
  ) throws(BuildError) {
    let existing = inExisting ? plan.tree[path] : nil
    let contributions = (found + (target?.contributions ?? [])).sorted { $0.order < $1.order }
    var isDirectory = existing?.kind == .directory || target?.madeMode != nil
    var isThere = existing != nil || target?.madeMode != nil
    var directories: [CopyContribution] = []
    var metadata: CopyContribution?
    var file: CopyContribution?
    for contribution in contributions {
      if contribution.isDirectory {
        if isThere, !isDirectory { throw BuildError("cannot copy a directory over '/\(path)', which is none") }
        if !isThere || contribution.overwrites { metadata = contribution }
        directories.append(contribution)
        isDirectory = true
      } else {
        if isThere, isDirectory { throw BuildError("cannot copy a file over the directory '/\(path)'") }
        file = contribution
      }
      isThere = true
    }
    if let file {
      try flush()
      return try visitor.file(path, file)
    }
    guard isDirectory else { return }
    let depth = pending.count
    try visitDirectory(path, existing, madeMode: target?.madeMode, metadata)
    try visitContent(target, directories, path, inExisting: existing?.kind == .directory)
    if pending.count > depth { pending.removeLast(pending.count - depth) }
  }

  private mutating func visitDirectory(
    _ path: BytePath, _ existing: IndexedEntry?, madeMode: UInt32?, _ metadata: CopyContribution?
  ) throws(BuildError) {
    if let metadata {
      pending.append(.file(path, metadata))
      if !metadata.isLazy { try flush() }
    } else if let existing {
      if path.isEmpty { return }
      pending.append(.existing(existing.directoryEntry(path)))
    } else if let madeMode {
      pending.append(.made(path, madeMode))
      try flush()
    }
  }

  private mutating func flush() throws(BuildError) {
    for index in pending.indices {
      let directory = pending[index]
      // It stays in the list, so that depths hold.
      pending[index] = .visited
      switch directory {
      case .visited: break
      case .existing(let entry): try visitor.existing(entry)
      case .made(let path, let mode): try visitor.made(path, mode: mode)
      case .file(let path, let contribution): try visitor.file(path, contribution)
      }
    }
  }

  private mutating func visitContent(
    _ target: CopyTarget?, _ directories: [CopyContribution], _ path: BytePath, inExisting: Bool
  ) throws(BuildError) {
    if directories.count == 1, target?.children.isEmpty ?? true {
      for (name, child) in try children(directories[0]) { try visit(nil, [child], path.appending(name), inExisting: inExisting) }
      return
    }
    var found: [[UInt8]: [CopyContribution]] = [:]
    for directory in directories { for (name, child) in try children(directory) { found[name, default: []].append(child) } }
    let names = Set(found.keys).union(target.map { Array($0.children.keys) } ?? []).sorted(by: bytesPrecede)
    for name in names { try visit(target?.children[name], found[name] ?? [], path.appending(name), inExisting: inExisting) }
  }

  /// What a source's directory holds, without what is left out.
  private func children(_ directory: CopyContribution) throws(BuildError) -> [(name: [UInt8], CopyContribution)] {
    guard case .file(let root, let path, _) = directory.content else { return [] }
    let opened: SourceDirectory
    if let parent = directory.parent, let (_, name) = path.split {
      opened = try attempting("cannot read '\(path)' in \(root.label)") {
        SourceDirectory(try parent.descriptor.open(FilePath(bytes: name), [.readOnly, .directory, .noFollow]))
      }
    } else {
      opened = try root.openDirectory(path)
    }
    let entries = try attempting("cannot read '\(path)' in \(root.label)") { try opened.descriptor.sortedEntries() }
    var children: [(name: [UInt8], CopyContribution)] = []
    children.reserveCapacity(entries.count)
    for entry in entries {
      if let child = try child(entry.name, path.appending(entry.name), root, opened, directory) { children.append((entry.name, child)) }
    }
    return children
  }

  private func child(
    _ name: [UInt8], _ path: BytePath, _ root: SourceRoot, _ opened: SourceDirectory, _ directory: CopyContribution
  ) throws(BuildError) -> CopyContribution? {
    let status: FileStatus
    do throws(SystemError) { status = try opened.descriptor.status(of: FilePath(bytes: name)) } catch {
      throw BuildError("cannot look at '\(path)' in \(root.label): \(error)")
    }
    if status.kind == .socket { return nil }
    var child = CopyContribution(order: directory.order, content: .file(root, path, status), parent: opened)
    child.overwrites = true
    child.pattern = directory.pattern
    let isDirectory = status.kind == .directory
    if let ignore = root.ignore {
      let (verdict, matches) = ignore.verdict(path.bytes, in: directory.ignored)
      child.ignored = matches
      if verdict.isIgnored {
        guard isDirectory, !ignore.canPrune(path.bytes) else { return nil }
        child.isLazy = true
      }
    }
    guard plan.exclude != nil || child.pattern != nil else { return child }
    child.relative = directory.relative.appending(name)
    if let pattern = child.pattern {
      let (verdict, matches) = pattern.verdict(child.relative.bytes, in: directory.included)
      child.included = matches
      if !verdict.isIgnored {
        guard isDirectory else { return nil }
        child.isLazy = true
      }
    }
    if let exclude = plan.exclude {
      let (verdict, matches) = exclude.verdict(child.relative.bytes, in: directory.excluded)
      child.excluded = matches
      if verdict.isIgnored {
        guard isDirectory, exclude.hasExceptions else { return nil }
        child.isLazy = true
      }
    }
    return child
  }
}
