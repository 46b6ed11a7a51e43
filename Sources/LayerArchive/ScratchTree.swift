package import Linux
package import SystemPackage

/// A directory for one tree, which goes with the value.
package struct ScratchTree: ~Copyable {
  package let path: FilePath

  /// `path` must not exist yet.
  package init(_ path: FilePath) throws(LayerError) {
    let tree = path.appending("fs")
    do throws(SystemError) {
      try makeDirectories(path, mode: 0o700)
      try makeDirectories(tree)
    } catch { throw LayerError(nil, .system(error)) }
    self.path = tree
  }

  deinit { try? removeTree(path.removingLastComponent()) }

  /// Applies the next layer, whiteouts and all.
  package func add(
    _ layer: any ByteSource, expected: ExpectedDigests = ExpectedDigests(), limits: LayerLimits = LayerLimits(),
    owners: OwnerMap = OwnerMap(), warn: @escaping (BytePath, String) -> Void
  ) throws(LayerError) {
    var options = ApplyOptions(.flattened, expected: expected, limits: limits, warn: warn)
    options.owners = owners
    _ = try applyLayer(layer, to: path, options)
  }

  package func open() throws(LayerError) -> OwnedDescriptor {
    do { return try openFile(path, [.readOnly, .directory]) } catch { throw LayerError(nil, .system(error)) }
  }
}
