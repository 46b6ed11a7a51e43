package import OCIImageSpec

extension ImageStore {
  /// Gives `target` (a manifest or an index whose content is in the store) the name `name`, or puts it in without one where that
  /// is nil. An image that had the name before stays, without a name if it has no other.
  package func record(_ hold: ContentHold, _ target: Descriptor, as name: Reference?) throws(ImageStoreError) {
    defer { withExtendedLifetime(hold) {} }
    try updateIndex { index in setName(name?.withDefaultTag, target, &index) }
  }

  /// Several names at once, in one replacement of the index.
  package func record(_ hold: ContentHold, _ images: [(target: Descriptor, name: Reference?)]) throws(ImageStoreError) {
    defer { withExtendedLifetime(hold) {} }
    try updateIndex { index in
      for (target, name) in images { setName(name?.withDefaultTag, target, &index) }
    }
  }

  /// Gives the image that `source` means another name.
  package func tag(_ source: String, as name: Reference) throws(ImageStoreError) {
    let hold = try hold()
    let image: StoredImage
    do throws(ImageStoreError) { image = try resolve(source).image } catch {
      // A name that is well-formed is shown with its tag, as docker does.
      throw error
    }
    try record(hold, image.target, as: name)
  }

  private func setName(_ name: Reference?, _ target: Descriptor, _ index: inout ImageIndex) {
    guard let name else {
      if !index.manifests.contains(where: { $0.digest == target.digest }) { index.manifests.append(target.named(nil)) }
      return
    }
    removeName(name, except: target.digest, &index)
    if index.manifests.contains(where: { $0.digest == target.digest && $0.imageName == name }) { return }
    // An entry without a name was only there to keep the image.
    index.manifests.removeAll { $0.digest == target.digest && $0.imageName == nil }
    index.manifests.append(target.named(name))
  }

  /// Takes `name` from every image but one; who loses the last name keeps an entry without.
  private func removeName(_ name: Reference, except keeper: Digest, _ index: inout ImageIndex) {
    let losers = index.manifests.filter { $0.digest != keeper && $0.imageName == name }
    index.manifests.removeAll { $0.digest != keeper && $0.imageName == name }
    for loser in losers where !index.manifests.contains(where: { $0.digest == loser.digest }) {
      index.manifests.append(loser.named(nil))
    }
  }
}
