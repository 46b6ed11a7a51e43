package import Linux
package import OCIImageSpec

/// What can go wrong with the store. Messages are docker's where docker has them.
package enum ImageStoreError: Error, Hashable, CustomStringConvertible {
  /// Nothing in the store answers to what the user typed.
  case noSuchImage(String)
  /// What the user typed is the beginning of more than one image ID.
  case ambiguous(String)
  case invalidReference(String, String)
  /// The image is there, but not for the platform asked for.
  case noSuchPlatform(String, image: String, has: [String])
  /// The image is used, or has several names: removing it needs force.
  case conflict(String)
  /// A blob that something refers to is not in the store.
  case missingBlob(Digest)
  /// A blob's size or content is not what its descriptor says.
  case corruptBlob(Digest, String)
  /// A document of the store (`index.json`, a manifest) does not say what it must.
  case invalidDocument(String, String)
  /// Content that is being added does not hash to what was promised.
  case unexpectedDigest(expected: Digest, actual: Digest)
  case unexpectedSize(Digest?, expected: Int64, actual: Int64)
  case system(SystemError, String)

  package var description: String {
    switch self {
    case .noSuchImage(let typed): "No such image: \(typed)"
    case .ambiguous(let typed): "multiple IDs found with provided prefix: \(typed)"
    case .invalidReference(let typed, let reason): "invalid reference '\(typed)': \(reason)"
    case .noSuchPlatform(let platform, let image, let has):
      "image '\(image)' is not there for platform '\(platform)'; it is for: \(has.joined(separator: ", "))"
    case .conflict(let reason): "conflict: \(reason)"
    case .missingBlob(let digest): "blob '\(digest)' is missing from the store; pull or load the image again"
    case .corruptBlob(let digest, let reason):
      "blob '\(digest)' is damaged: \(reason); run 'layerctl fsck --repair' and pull or load the image again"
    case .invalidDocument(let name, let reason): "\(name): \(reason)"
    case .unexpectedDigest(let expected, let actual): "content has the digest '\(actual)', not '\(expected)'"
    case .unexpectedSize(let digest, let expected, let actual):
      "content\(digest.map { " of '\($0)'" } ?? "") has \(actual) bytes, not \(expected)"
    case .system(let error, let attempt): "\(attempt): \(error)"
    }
  }
}

/// Runs `body`, saying what was being attempted where a system call fails.
func attempting<Value: ~Copyable>(
  _ attempt: @autoclosure () -> String, _ body: () throws(SystemError) -> Value
) throws(ImageStoreError) -> Value {
  do throws(SystemError) { return try body() } catch { throw .system(error, attempt()) }
}
