/// Entries gathered in any order, later ones in place of earlier ones, and then written in the layer's order. `Source` says where a
/// regular file's content is, for the caller to open when its turn comes.
package struct LayerPlan<Source: Sendable>: Sendable {
  private var entries: [BytePath: (entry: TarEntry, source: Source?)] = [:]

  package init() {}

  package var isEmpty: Bool { entries.isEmpty }
  package var paths: [BytePath] { entries.keys.sorted(by: precedesInLayer) }

  package func entry(at path: BytePath) -> TarEntry? { entries[path]?.entry }

  /// Puts the entry in the plan in place of what is at its path. What was to lie below a path that is no longer a directory goes.
  package mutating func put(_ entry: TarEntry, _ source: Source? = nil) throws(LayerError) {
    guard let path = entry.path.normalized else { throw LayerError(entry.path, .refused("not a path inside the layer")) }
    var entry = entry
    entry.path = path
    if let old = entries[path], old.entry.kind == .directory, entry.kind != .directory {
      let below = path.bytes + [slash]
      entries = entries.filter { !$0.key.bytes.starts(with: below) }
    }
    entries[path] = (entry, source)
  }

  /// Writes every entry; `write` opens the content of those that have a source and hands them to the writer.
  package func write(
    to writer: LayerWriter, content write: (TarEntry, Source) throws(LayerError) -> Void
  ) throws(LayerError) {
    for path in paths {
      guard let (entry, source) = entries[path] else { continue }
      if let source { try write(entry, source) } else { try writer.add(entry) }
    }
  }
}
