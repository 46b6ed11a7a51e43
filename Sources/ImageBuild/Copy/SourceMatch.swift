internal import CommandSupport
internal import Dockerfile
internal import LayerArchive
internal import Linux
internal import SystemPackage

/// One thing that a source word of COPY or ADD means.
struct SourceMatch {
  let root: SourceRoot
  /// Symbolic links followed.
  let path: BytePath
  let status: FileStatus
  /// The name that it gets in a destination directory.
  let name: [UInt8]
}

extension SourceRoot {
  /// What the word means: the path itself, or all that its wildcards match (none is no error). `..` ends at the root.
  func matches(_ word: String) throws(BuildError) -> [SourceMatch] {
    let path = BytePath(Array(cleanPath(Array(("/" + word).utf8)).dropFirst()))
    let components = path.components
    guard let first = components.firstIndex(where: PathPattern.hasWildcard) else {
      guard let (found, status) = try resolve(path) else { throw try missing(word, path) }
      return [SourceMatch(root: self, path: found, status: status, name: components.last ?? [])]
    }
    var patterns: [PathPattern] = []
    for component in components[first...] {
      do { patterns.append(try PathPattern(component)) } catch { throw BuildError("'\(word)': \(error)") }
    }
    // A backslash alone makes a literal: it is a pattern all the same.
    guard let (base, status) = try resolve(BytePath(components: components[..<first])), status.kind == .directory else { return [] }
    var found: [SourceMatch] = []
    try match(patterns[...], in: base, &found)
    return found
  }

  private func match(_ patterns: ArraySlice<PathPattern>, in directory: BytePath, _ found: inout [SourceMatch]) throws(BuildError) {
    guard let pattern = patterns.first else { return }
    let opened = try openDirectory(directory)
    let names = try attempting("cannot read '\(directory)' in \(label)") { try opened.descriptor.sortedEntries() }
    for entry in names where pattern.matches(entry.name) {
      let path = directory.appending(entry.name)
      guard let status = try status(path), !isHidden(path, status) else { continue }
      if patterns.count > 1 {
        if status.kind == .directory { try match(patterns.dropFirst(), in: path, &found) }
        continue
      }
      guard let (resolved, target) = try resolve(path) else { throw try missing(path.description, path) }
      found.append(SourceMatch(root: self, path: resolved, status: target, name: entry.name))
    }
  }

  /// Why there is nothing: the rule that leaves it out, else what may have been meant.
  func missing(_ word: String, _ path: BytePath) throws(BuildError) -> BuildError {
    if let ignore, try status(path) != nil, let rule = ignore.verdict(path.bytes).rule {
      return BuildError("'\(word)': left out by \(ignoreName):\(rule.line) '\(rule.text)'")
    }
    var ancestor = path
    while let (parent, _) = ancestor.split {
      if let ignore, try status(ancestor) != nil, ignore.canPrune(ancestor.bytes), let rule = ignore.verdict(ancestor.bytes).rule {
        return BuildError("'\(word)': '\(ancestor)' is left out by \(ignoreName):\(rule.line) '\(rule.text)'")
      }
      ancestor = parent
    }
    let hint = nearest(path).map { "; did you mean '\($0)'?" } ?? ""
    return BuildError("'\(word)': not found in \(label)\(hint)")
  }

  /// The name in the same directory that is spelled most alike.
  private func nearest(_ path: BytePath) -> BytePath? {
    guard let (parent, name) = path.split, let opened = try? openDirectory(parent), let entries = try? opened.descriptor.sortedEntries()
    else { return nil }
    let wanted = String(decoding: name, as: UTF8.self)
    guard wanted.utf8.count <= 64 else { return nil }
    var best: (path: BytePath, distance: Int)?
    for entry in entries where entry.name.count <= 64 && !(ignore?.verdict(parent.appending(entry.name).bytes).isIgnored ?? false) {
      let distance = editDistance(wanted.lowercased(), String(decoding: entry.name, as: UTF8.self).lowercased())
      if distance < best?.distance ?? 3, distance < max(wanted.utf8.count, 2) { best = (parent.appending(entry.name), distance) }
    }
    return best?.path
  }
}
