import ArgumentParser
import CommandSupport
import JSON
import LayerArchive
import Linux
import OCIImageSpec
import SystemPackage

/// `layerctl apply DIR [LAYER]`: a layer into a directory.
struct Apply: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Apply a layer to a directory.",
    discussion: """
      A directory that is missing or empty is made aside and renamed: after an error it is as it was. For one that has content the \
      layer is read through and checked first, from a copy where it comes from a pipe.
      """)

  @OptionGroup var limits: LimitOptions
  @OptionGroup var ownerMap: OwnerMapOptions
  @Flag(help: "Make a lowerdir for overlayfs instead of removing what the layer removes.") var overlay = false
  @ArgumentParser.Option(
    parsing: .singleValue, help: "With --overlay: a layer below, itself so applied; repeated, topmost first.")
  var lower: [String] = []
  @ArgumentParser.Option(help: "What the layer's digest must be.") var digest: String?
  @ArgumentParser.Option(help: "What the tar stream's digest must be.") var diffID: String?
  @Flag(help: "Print the layer's description as JSON.") var json = false
  @ArgumentParser.Argument(help: "The directory; made where it is missing.") var directory: String
  @ArgumentParser.Argument(help: "The layer; '-' or none is standard input.") var layer: String?

  func validate() throws {
    for text in [digest, diffID].compactMap({ $0 }) where Digest(text) == nil { throw ValidationError("'\(text)' is not a digest") }
    if !lower.isEmpty, !overlay { throw ValidationError("--lower is for --overlay") }
  }

  func run() {
    orFail {
      var options = ApplyOptions(
        overlay ? .overlay(lowers: lower.map { FilePath($0) }) : .flattened,
        expected: ExpectedDigests(digest: digest.flatMap { Digest($0) }, diffID: diffID.flatMap { Digest($0) }),
        limits: limits.limits, warn: warnOfEntry)
      options.owners = ownerMap.map
      let path = FilePath(directory)
      let applied = try isFresh(path) ? applyAside(path, options) : applyChecked(path, options)
      if applied.isRootOpaque, overlay {
        Diagnostics.warning("the layer hides all layers below: leave them out of the lowerdirs")
      }
      if json { printLine(String(decoding: applied.layer.json.serialized(pretty: true), as: UTF8.self)) }
    }
  }

  private func isFresh(_ path: FilePath) throws -> Bool {
    do { return try openFile(path, [.readOnly, .directory]).sortedEntries().isEmpty } catch {
      if error.errno == .noSuchFileOrDirectory { return true }
      throw error
    }
  }

  private func applyAside(_ path: FilePath, _ options: ApplyOptions) throws -> AppliedLayer {
    var path = path
    // "x/." and ".." have no name of their own to rename to.
    if path.lastComponent?.kind != .regular { path = try realPath(path) }
    guard let name = path.lastComponent else { return try applyChecked(path, options) }
    let parentPath = path.removingLastComponent()
    let parent = try openFile(parentPath.isEmpty ? "." : parentPath, [.readOnly, .directory])
    let aside = FilePath(".\(name).\(monotonicNanoseconds())")
    try parent.makeDirectory(aside)
    do {
      let applied = try applyLayer(try layerSource(layer), to: parent.procPath.appending(aside.components), options)
      // rename(2) takes an empty directory's place.
      try parent.rename(aside, to: FilePath(root: nil, [name]))
      return applied
    } catch {
      try? parent.removeTree(aside)
      throw error
    }
  }

  private func applyChecked(_ path: FilePath, _ options: ApplyOptions) throws -> AppliedLayer {
    let spooled = try seekable(layer)
    _ = try checkLayer(
      DescriptorSource(try spooled.duplicate()), expected: options.expected, limits: options.limits)
    try spooled.seek(to: 0)
    return try applyLayer(DescriptorSource(spooled), to: path, options)
  }

  /// The layer as a file that can be read twice: itself, or an unnamed copy in $TMPDIR.
  private func seekable(_ name: String?) throws -> OwnedDescriptor {
    let isStandardInput = name == nil || name == "-"
    let file = try openFile(isStandardInput ? "/proc/self/fd/0" : FilePath(name ?? "-"), [.readOnly, .nonBlocking])
    if try file.status().kind == .regular { return file }
    let copy = try openFile(FilePath(Environment["TMPDIR"] ?? "/var/tmp"), [.readWrite, .temporaryFile], mode: 0o600)
    let source = try layerSource(name)
    let sink = DescriptorSink(try copy.duplicate())
    try source.copy(to: sink)
    try copy.seek(to: 0)
    return copy
  }
}

/// The directory's path without `.`, `..` or a symbolic link at its end, as the kernel knows it.
private func realPath(_ path: FilePath) throws -> FilePath {
  let directory = try openFile(path, [.path, .directory])
  return FilePath(bytes: try openFile("/proc/self/fd", [.path, .directory]).readSymbolicLink(FilePath("\(directory.rawValue)")))
}
