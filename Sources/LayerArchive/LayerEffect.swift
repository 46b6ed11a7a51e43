/// What one layer of an image does to the tree of the layers below it.
package struct LayerEffect: Sendable {
  /// Files of any kind, and the bytes of their content; the content of hard links counts once.
  package struct Amount: Hashable, Sendable {
    package var entries = 0
    package var bytes: Int64 = 0

    mutating func count(_ size: Int64) {
      entries += 1
      bytes += size
    }
  }

  package var added = Amount()
  /// What takes another file's place, or a directory's mode, owner or attributes.
  package var changed = Amount()
  package var removed = Amount()
  /// Bytes that this layer has brought and that a later one replaces or removes: the image carries them for nothing.
  package var wasted: Int64 = 0
  package var changes: [(path: BytePath, change: TreeDifference.Change, size: Int64)] = []
}

/// What is wasted under one path: how often its content was replaced or removed, and the bytes of that.
package struct WastedPath: Hashable, Sendable {
  package let path: BytePath
  package var times: Int
  package var bytes: Int64
}
