package import OCIImageSpec
package import SystemPackage

extension ImageStore {
  /// The directories that overlayfs stacks for a chain of layers (``RootFS/chainIDs``), the topmost first; nil where one that is
  /// needed has yet to be unpacked. A layer that hides all below it ends the list.
  /// - Parameter indexes: an index will do (``LowerLayer``) where a layer is not unpacked.
  package func lowerDirectories(_ chainIDs: [Digest], indexes: Bool = false) throws(ImageStoreError) -> [FilePath]? {
    var directories: [FilePath] = []
    for chainID in chainIDs.reversed() {
      let layer: UnpackedLayer
      if let unpacked = try unpackedLayer(chainID) {
        layer = unpacked
        directories.append(layerDirectory(chainID).appending("fs"))
      } else if indexes, let indexed = try indexedLayer(chainID) {
        layer = indexed
        directories.append(indexDirectory(chainID))
      } else {
        return nil
      }
      if layer.opaqueRoot { break }
    }
    return directories
  }

  package func lowerDirectories(_ image: StoredImage, indexes: Bool = false) throws(ImageStoreError) -> [FilePath]? {
    try lowerDirectories(image.chainIDs, indexes: indexes)
  }
}
