package import OCIImageSpec
package import SystemPackage

extension ImageStore {
  /// The directories that overlayfs stacks for a chain of layers (``RootFS/chainIDs``), the topmost first; nil where one that is
  /// needed has yet to be unpacked. A layer that hides all below it ends the list.
  package func lowerDirectories(_ chainIDs: [Digest]) throws(ImageStoreError) -> [FilePath]? {
    var directories: [FilePath] = []
    for chainID in chainIDs.reversed() {
      guard let layer = try unpackedLayer(chainID) else { return nil }
      directories.append(layerDirectory(chainID).appending("fs"))
      if layer.opaqueRoot { break }
    }
    return directories
  }

  package func lowerDirectories(_ image: StoredImage) throws(ImageStoreError) -> [FilePath]? {
    try lowerDirectories(image.chainIDs)
  }
}
