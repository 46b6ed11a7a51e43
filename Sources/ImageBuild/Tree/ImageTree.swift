internal import LayerArchive
internal import Linux

/// What an image's root file system looks like, told from its layers' indexes alone: no layer is unpacked for it.
struct ImageTree: Sendable {
  /// The topmost first.
  let layers: [LayerIndex]
  /// For directories that no layer names.
  let usual: IndexedEntry

  init(_ layers: [LayerIndex], _ epoch: BuildEpoch) {
    self.layers = layers
    usual = IndexedEntry(directoryMode: 0o755, modified: epoch.time)
  }

  /// What is at a normal path, no symbolic link followed; a hard link is what it leads to.
  subscript(path: BytePath) -> IndexedEntry? { find(path, in: layers[...], depth: 0) }

  private func find(_ path: BytePath, in layers: ArraySlice<LayerIndex>, depth: Int) -> IndexedEntry? {
    var isImplied = path.isEmpty
    for (position, layer) in zip(layers.indices, layers) {
      if let entry = layer[path] {
        guard entry.kind == .hardLink else { return entry }
        return depth < 8 ? find(BytePath(entry.link), in: layers[position...], depth: depth + 1) : nil
      }
      if !isImplied, layer.hasEntries(below: path) { isImplied = true }
      if hides(path, layer) { break }
    }
    return isImplied ? usual : nil
  }

  /// Whether a layer that does not name the path hides it in the layers below.
  private func hides(_ path: BytePath, _ layer: LayerIndex) -> Bool {
    var ancestor = path
    var isSelf = true
    while let (parent, name) = ancestor.split {
      if layer[parent.appending(Whiteout.prefix + name)] != nil { return true }
      if !isSelf, let entry = layer[ancestor], entry.kind != .directory { return true }
      if layer[parent.appending(Whiteout.opaque)] != nil { return true }
      ancestor = parent
      isSelf = false
    }
    return false
  }

  /// Where a path leads, `..` and symbolic links followed inside the root; what does not exist is taken as it is written.
  func resolve(_ path: BytePath) throws(BuildError) -> BytePath {
    var waiting = Array(path.components.reversed())
    var resolved: [[UInt8]] = []
    var followed = 0
    while let component = waiting.popLast() {
      if component == [dot, dot] {
        _ = resolved.popLast()
        continue
      }
      let next = resolved + [component]
      guard let entry = self[BytePath(components: next)], entry.kind == .symbolicLink else {
        resolved = next
        continue
      }
      followed += 1
      if followed > 255 { throw BuildError("'/\(path)': too many symbolic links in the image") }
      let target = BytePath(entry.link)
      if target.bytes.first == UInt8(ascii: "/") { resolved = [] }
      waiting += target.components.reversed()
    }
    return BytePath(components: resolved)
  }
}

private let dot = UInt8(ascii: ".")
