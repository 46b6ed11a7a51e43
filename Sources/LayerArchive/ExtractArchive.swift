internal import Linux
package import SystemPackage

/// Where the entries of an archive go, and whose they are then.
package struct Extraction {
  package enum Naming: Sendable {
    /// Into the directory, under the names of the archive.
    case verbatim
    /// As cp(1) names a copy: into the directory under the first entry's name, else as the path itself.
    case copy
  }

  package let naming: Naming
  /// The owner of everything; nil keeps what the archive says.
  package let owner: (userID: UInt32, groupID: UInt32)?
  package let limits: LayerLimits

  package init(_ naming: Naming, owner: (userID: UInt32, groupID: UInt32)?, limits: LayerLimits) {
    self.naming = naming
    self.owner = owner
    self.limits = limits
  }
}

/// Extracts an archive, compressed or not, to the path `destination` of the root file system `root`; docker's rules of `cp` and of
/// its archive resource. Nothing outside the root is touched, and a directory and another kind of file never take each other's place.
package func extractArchive(
  _ source: any ByteSource, to destination: BytePath, in root: FilePath, _ extraction: Extraction,
  warn: @escaping (BytePath, String) -> Void
) throws(LayerError) {
  let peeked = try PeekedSource(source, 1)
  // What failed before us in a pipe has said so itself.
  if peeked.prefix.isEmpty { return }
  guard let reader = try openArchive(peeked, limits: extraction.limits) else {
    throw LayerError(nil, .malformed("not a tar archive"))
  }
  let applier = try LayerApplier(root, ApplyOptions(.verbatim, limits: extraction.limits, warn: warn))
  guard var entry = try reader.next() else { return }
  let target = try ExtractionTarget(destination, in: applier.tree.root, extraction.naming, first: entry)
  while true {
    entry.path = try target.path(of: entry.path)
    if case .hardLink(let original) = entry.kind { entry.kind = .hardLink(try target.path(of: original)) }
    if let owner = extraction.owner { (entry.userID, entry.groupID) = owner }
    let isDestinationItself = target.exists && entry.path == target.destination && entry.kind == .directory
    if !isDestinationItself {
      try checkKind(entry, applier)
      try applier.apply(entry, reader)
    }
    guard let next = try reader.next() else { break }
    entry = next
  }
  try applier.finish()
  // tar pads its archives: a writer that is still at it would die of SIGPIPE.
  try peeked.copy(to: NullSink())
}

/// docker's NoOverwriteDirNonDir.
private func checkKind(_ entry: TarEntry, _ applier: LayerApplier) throws(LayerError) {
  let (parent, name) = try LayerApplier.location(entry)
  if name.isEmpty { return }
  let status = try naming(entry.path) { () throws(SystemError) in
    try applier.tree.directory(parent)?.descriptor.statusIfPresent(of: FilePath(bytes: name))
  }
  guard let status else { return }
  switch (status.kind == .directory, entry.kind == .directory) {
  case (true, false): throw LayerError(entry.path, .refused("cannot overwrite a directory with a non-directory"))
  case (false, true): throw LayerError(entry.path, .refused("cannot overwrite a non-directory with a directory"))
  default: return
  }
}

/// The name that a copy gets.
private struct ExtractionTarget {
  /// Relative to the root.
  let destination: BytePath
  /// Whether it is there, and a directory.
  let exists: Bool
  /// Components of the archive's paths that the destination stands for: 1 where the first entry is renamed.
  private let stripped: Int

  init(
    _ typed: BytePath, in root: borrowing RootDirectory, _ rule: Extraction.Naming, first: TarEntry
  ) throws(LayerError) {
    let path = BytePath(components: typed.components)
    var kind: FileKind?
    do throws(SystemError) { kind = try root.open(typed.filePath, [.path]).status().kind } catch {
      guard error.errno == .noSuchFileOrDirectory else { throw LayerError(typed, .system(error)) }
    }
    destination = path
    exists = kind == .directory
    let base = first.path.components.first
    guard kind != .directory else {
      stripped = 0
      return
    }
    if rule == .verbatim {
      throw LayerError(typed, kind == nil ? .refused("no such directory") : .refused("not a directory"))
    }
    if first.kind == .directory {
      if kind != nil { throw LayerError(typed, .refused("cannot copy a directory to a file")) }
    } else if typed.bytes.last == slash {
      throw LayerError(typed, .refused(kind == nil ? "the destination directory must exist" : "not a directory"))
    }
    guard let (parent, _) = path.split else { throw LayerError(typed, .refused("not a directory")) }
    // The directory that it goes into is not made.
    do throws(SystemError) { _ = try root.open(parent.filePath, [.path, .directory]) } catch {
      if error.errno != .noSuchFileOrDirectory { throw LayerError(typed, .system(error)) }
      throw LayerError(typed, .refused("the directory that it goes into does not exist"))
    }
    stripped = base == nil ? 0 : 1
  }

  func path(of path: BytePath) throws(LayerError) -> BytePath {
    guard let normal = path.normalized else { throw LayerError(path, .refused("'..' or a NUL in a path")) }
    return BytePath(components: destination.components + normal.components.dropFirst(stripped))
  }
}
