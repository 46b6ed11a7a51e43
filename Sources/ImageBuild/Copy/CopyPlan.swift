internal import Dockerfile
internal import LayerArchive
internal import Linux

/// Where everything of a COPY or ADD goes: a tree of targets, its directories' contents not yet listed.
struct CopyPlan {
  let request: CopyRequest
  /// What the image has already; nothing for --link.
  let tree: ImageTree
  let root = CopyTarget()
  let exclude: DockerIgnore?
  /// Archives to unpack, in order, and where.
  private(set) var archives: [(match: SourceMatch, at: BytePath)] = []
  private var order = 0

  init(_ request: CopyRequest, _ tree: ImageTree, _ epoch: BuildEpoch) throws(BuildError) {
    self.request = request
    self.tree = request.isLink ? ImageTree([], epoch) : tree
    do { exclude = request.exclude.isEmpty ? nil : try DockerIgnore(patterns: request.exclude) } catch {
      throw BuildError("--exclude: \(error)")
    }
  }

  mutating func add(_ source: String, from root: SourceRoot) throws(BuildError) {
    if request.keepsParents { return try addKeepingParents(source, from: root) }
    for match in try root.matches(source) { try add(match, unpacks: request.unpacks) }
  }

  mutating func add(_ match: SourceMatch, unpacks: Bool) throws(BuildError) {
    if unpacks, match.status.kind == .regular, try isArchive(match) {
      try addArchive(match)
    } else {
      try add(match, pattern: nil)
    }
  }

  mutating func add(_ inline: CopyRequest.Inline) throws(BuildError) {
    let target = try destination(ofFile: Array(inline.name.utf8))
    append(CopyContribution(order: order, content: .inline(inline.content)), at: target)
  }

  /// What is before `/./` is left out of the target's path.
  private mutating func addKeepingParents(_ source: String, from root: SourceRoot) throws(BuildError) {
    var base = "/"
    var pattern = source
    if let pivot = source.firstRange(of: "/./") {
      base = String(source[..<pivot.lowerBound])
      pattern = String(source[pivot.upperBound...])
    }
    let cleaned = String(decoding: cleanPath(Array(("/" + pattern).utf8)).dropFirst(), as: UTF8.self)
    let whole = BytePath(base).components + BytePath(cleaned).components
    if !whole.contains(where: PathPattern.hasWildcard), try root.resolve(BytePath(components: whole)) == nil {
      throw try root.missing(source, BytePath(components: whole))
    }
    let matcher: DockerIgnore
    do { matcher = try DockerIgnore(patterns: [cleaned]) } catch { throw BuildError("'\(source)': \(error)") }
    for match in try root.matches(base) { try add(match, pattern: cleaned.isEmpty ? nil : matcher) }
  }

  /// Makes the destination as a directory.
  mutating func makeDestination() throws(BuildError) {
    try makeDirectories(try tree.resolve(request.destinationPath), mode: request.madeDirectoryMode)
  }

  mutating func add(_ match: SourceMatch, pattern: DockerIgnore?) throws(BuildError) {
    var contribution = CopyContribution(order: order, content: .file(match.root, match.path, match.status))
    contribution.pattern = pattern
    guard match.status.kind == .directory else {
      return append(contribution, at: try destination(ofFile: match.name))
    }
    if let ignore = match.root.ignore { contribution.ignored = ignore.matches(upTo: match.path) }
    let target = try resolvedDestination()
    try makeDirectories(target, mode: request.madeDirectoryMode)
    append(contribution, at: target)
  }

  private mutating func addArchive(_ match: SourceMatch) throws(BuildError) {
    let target = try tree.resolve(request.destinationPath)
    // The flag is for the archive's members, which keep the modes that they have.
    try makeDirectories(target, mode: 0o755)
    archives.append((match, target))
  }

  /// A file goes into the destination where that is a directory, else it becomes it.
  private func destination(ofFile name: [UInt8]) throws(BuildError) -> BytePath {
    let destination = try resolvedDestination()
    guard isDirectory(destination) else { return destination }
    return destination.appending(name)
  }

  /// The destination, its symbolic links followed inside the image, what is missing above it made.
  private func resolvedDestination() throws(BuildError) -> BytePath {
    let path = request.destinationPath
    if request.isDirectoryWanted || path.isEmpty {
      let directory = try tree.resolve(path)
      try makeDirectories(directory, mode: request.madeDirectoryMode)
      return directory
    }
    if let (parent, _) = path.split { try makeDirectories(try tree.resolve(parent), mode: request.madeDirectoryMode) }
    return try tree.resolve(path)
  }

  private func isDirectory(_ path: BytePath) -> Bool {
    if let target = target(path) {
      if let last = target.contributions.last { return last.isDirectory }
      if target.madeMode != nil || !target.children.isEmpty { return true }
    }
    return tree[path]?.kind == .directory
  }

  private func target(_ path: BytePath) -> CopyTarget? {
    var target = root
    for component in path.components {
      guard let child = target.children[component] else { return nil }
      target = child
    }
    return target
  }

  private func makeDirectories(_ path: BytePath, mode: UInt32) throws(BuildError) {
    var target = root
    var walked = BytePath("")
    for component in path.components {
      walked = walked.appending(component)
      let child = target.children[component] ?? CopyTarget()
      target.children[component] = child
      let existing = tree[walked]
      if let existing, existing.kind != .directory { throw BuildError("'/\(walked)' is not a directory in the image") }
      if let last = child.contributions.last, !last.isDirectory {
        throw BuildError("'/\(walked)' is a file of this instruction, not a directory")
      }
      if existing == nil, child.madeMode == nil { child.madeMode = mode }
      target = child
    }
  }

  private mutating func append(_ contribution: CopyContribution, at path: BytePath) {
    var target = root
    for component in path.components {
      let child = target.children[component] ?? CopyTarget()
      target.children[component] = child
      target = child
    }
    target.contributions.append(contribution)
    order += 1
  }
}

extension DockerIgnore {
  /// Which rules match a directory or what is above it.
  func matches(upTo path: BytePath) -> DirectoryMatches {
    var matches = DirectoryMatches()
    var walked = BytePath("")
    for component in path.components {
      walked = walked.appending(component)
      matches = verdict(walked.bytes, in: matches).matches
    }
    return matches
  }
}
