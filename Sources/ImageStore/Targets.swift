package import OCIImageSpec

extension ImageStore {
  /// What `index.json` has under exactly this name, be it an image, an index or an artifact; nil where there is nothing.
  package func target(named name: Reference) throws(ImageStoreError) -> Descriptor? {
    let name = name.withDefaultTag
    return try entries().first { entry in
      guard let entryName = entry.imageName else { return false }
      return name.digest.map { entry.digest == $0 && entryName.name == name.name } ?? (entryName == name)
    }
  }
}
