package import OCIImageSpec

/// How what the user typed led to an image.
package struct ResolvedImage: Sendable {
  package let image: StoredImage
  /// The name that was typed, in full; nil where an ID or a digest was.
  package let name: Reference?
}

extension ImageStore {
  /// Finds the image that a person means by `typed`, as docker does: a name, completed by the usual registry and tag; a name with a
  /// digest; an image ID, in full or its beginning, with or without `sha256:`.
  /// - Parameter platform: which one of an image for several platforms; nil is the one that suits this machine best.
  package func resolve(_ typed: String, platform: Platform? = nil) throws(ImageStoreError) -> ResolvedImage {
    let entries = try entries()
    if let reference = try reference(typed, entries) { return try resolve(reference, typed, platform, entries) }
    return ResolvedImage(image: try resolve(id: typed, platform, entries), name: nil)
  }

  /// The image of exactly this name.
  package func image(named name: Reference, platform: Platform? = nil) throws(ImageStoreError) -> StoredImage {
    try resolve(name.withDefaultTag, name.familiarDescription, platform, try entries()).image
  }

  /// What `typed` says as a name, where an image of the store answers to it.
  private func reference(_ typed: String, _ entries: [Descriptor]) throws(ImageStoreError) -> Reference? {
    let reference: Reference
    do { reference = try Reference(typed).withDefaultTag } catch {
      // An ID is no name; all else that is neither is an error in docker's words.
      if isIdentifierPrefix(typed) { return nil }
      throw .invalidReference(typed, error.message)
    }
    let found = entries.contains { entry in self.entry(entry, answersTo: reference) }
    if found { return reference }
    if isIdentifierPrefix(typed) { return nil }
    throw .noSuchImage(reference.familiarDescription)
  }

  private func entry(_ entry: Descriptor, answersTo reference: Reference) -> Bool {
    guard let name = entry.imageName else { return false }
    if let digest = reference.digest { return entry.digest == digest && name.name == reference.name }
    return name == reference
  }

  private func resolve(
    _ reference: Reference, _ typed: String, _ platform: Platform?, _ entries: [Descriptor]
  ) throws(ImageStoreError) -> ResolvedImage {
    guard let entry = entries.first(where: { self.entry($0, answersTo: reference) }) else { throw .noSuchImage(typed) }
    guard let image = try image(entry, names: names(of: entry.digest, in: entries), platform: platform, typed: typed) else {
      throw .invalidDocument("'\(typed)'", "is not an image (\(entry.artifactType ?? entry.mediaType))")
    }
    return ResolvedImage(image: image, name: entry.imageName)
  }

  private func resolve(id typed: String, _ platform: Platform?, _ entries: [Descriptor]) throws(ImageStoreError) -> StoredImage {
    let prefix = typed.hasPrefix("sha256:") ? String(typed.dropFirst(7)) : typed
    var found: [Digest: StoredImage] = [:]
    var seen: Set<Digest> = []
    for entry in entries where seen.insert(entry.digest).inserted {
      // Damaged images have no ID that could be asked for; `fsck` speaks of them.
      guard let image = try? image(entry, names: names(of: entry.digest, in: entries), platform: nil, typed: typed) else { continue }
      let answers = image.id.encoded.hasPrefix(prefix) || entry.digest.encoded == prefix || image.descriptor.digest.encoded == prefix
      if answers, found[image.id] == nil { found[image.id] = image }
    }
    guard let image = found.first?.value else {
      throw .noSuchImage((try? Reference(typed).withDefaultTag.familiarDescription) ?? typed)
    }
    if found.count > 1 { throw .ambiguous(typed) }
    guard let platform else { return image }
    return try self.image(image.target, names: image.names, platform: platform, typed: typed) ?? image
  }

  /// Up to 64 hexadecimal digits, perhaps after `sha256:`.
  private func isIdentifierPrefix(_ text: String) -> Bool {
    let digits = text.hasPrefix("sha256:") ? text.utf8.dropFirst(7) : text.utf8[...]
    return (1...64).contains(digits.count) && digits.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
