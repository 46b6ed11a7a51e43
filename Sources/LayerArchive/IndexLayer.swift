internal import OCIImageSpec
package import SystemPackage

/// What making an index of a layer has found out.
package struct IndexedLayer: Sendable {
  package let layer: LayerDescription
  /// An EROFS file system that has the layer as a lower directory of overlayfs, with the archive as its device; nil where the layer has
  /// something that an index is not made for.
  package let index: [UInt8]?
  /// Why there is none.
  package let unsuitable: String?
  package let isRootOpaque: Bool
}

/// Reads an uncompressed layer through, checks its digests, and makes an index of it instead of unpacking it: mounted over the archive
/// it shows what ``applyLayer(_:to:_:)`` makes in the overlay form.
/// - Parameter lowers: the layers below, topmost first.
package func indexLayer(
  _ source: any ByteSource, over lowers: [FilePath], expected: ExpectedDigests = ExpectedDigests(), limits: LayerLimits = LayerLimits()
) throws(LayerError) -> IndexedLayer {
  let layer = try LayerSource(source, expected: expected, limits: limits)
  let reader = TarReader(layer, limits: limits)
  let tree: ErofsTree
  do { tree = try ErofsTree(lowers: lowers) } catch { throw LayerError(nil, .system(error)) }
  while let entry = try reader.next() { try tree.add(entry, position: reader.contentPosition) }
  tree.finish()
  let description = try layer.finish()
  var unsuitable = tree.unsuitable
  if description.compression != .none { unsuitable = "it is compressed" }
  let image =
    unsuitable == nil
    ? ErofsImage(tree.root, archiveSize: description.uncompressedSize, digest: description.digest.encoded) : nil
  return IndexedLayer(
    layer: description, index: image?.bytes, unsuitable: image == nil ? unsuitable ?? "it is too large" : nil,
    isRootOpaque: tree.isRootOpaque)
}
