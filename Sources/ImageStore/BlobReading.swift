internal import ContentHash
internal import JSON
package import Linux
package import OCIImageSpec
package import SystemPackage

extension ImageStore {
  /// The size of a document (manifest, index, configuration) that is believed at most.
  static let documentLimit: Int64 = 8 << 20

  /// Where a blob is or would be.
  package func blobPath(_ digest: Digest) -> FilePath {
    images.appending("blobs/\(digest.algorithm.rawValue)/\(digest.encoded)")
  }

  /// Whether a blob of this digest, and of `size` bytes where that is known, is there. Its content is not looked at.
  package func hasBlob(_ digest: Digest, size: Int64? = nil) throws(ImageStoreError) -> Bool {
    do {
      let status = try fileStatus(blobPath(digest), following: false)
      return status.kind == .regular && (size == nil || status.size == size)
    } catch {
      if error.errno == .noSuchFileOrDirectory { return false }
      throw .system(error, "cannot look for blob '\(digest)'")
    }
  }

  /// Opens a blob for reading. Only a regular file will do, and only one of `size` bytes where that is known: an image layout may
  /// come from anywhere and have a FIFO, a device or a link in the place of a blob.
  package func openBlob(_ digest: Digest, size: Int64? = nil) throws(ImageStoreError) -> OwnedDescriptor {
    do {
      let file = try openFile(blobPath(digest), [.readOnly, .noFollow, .nonBlocking, .noControllingTerminal])
      let status = try file.status()
      guard status.kind == .regular else { throw ImageStoreError.corruptBlob(digest, "it is not a regular file") }
      if let size, status.size != size {
        throw ImageStoreError.corruptBlob(digest, "it has \(status.size) bytes instead of \(size)")
      }
      return file
    } catch let error as SystemError {
      if error.errno == .noSuchFileOrDirectory { throw .missingBlob(digest) }
      if error.errno == .tooManySymbolicLinkLevels { throw .corruptBlob(digest, "it is a symbolic link") }
      throw .system(error, "cannot read blob '\(digest)'")
    } catch let error as ImageStoreError {
      throw error
    } catch {
      throw .corruptBlob(digest, "\(error)")
    }
  }

  /// Opens the blob that a descriptor speaks of.
  package func openBlob(_ descriptor: Descriptor) throws(ImageStoreError) -> OwnedDescriptor {
    try openBlob(descriptor.digest, size: descriptor.size)
  }

  /// The whole content of a document, its size and digest verified.
  package func readBlob(_ descriptor: Descriptor) throws(ImageStoreError) -> [UInt8] {
    if descriptor.size > Self.documentLimit {
      throw .invalidDocument("blob '\(descriptor.digest)'", "\(descriptor.size) bytes are too many for a document")
    }
    if let data = descriptor.data, contentDigest(of: data.bytes, descriptor.digest.algorithm) != descriptor.digest {
      throw .invalidDocument("descriptor of '\(descriptor.digest)'", "its embedded data does not have that digest")
    }
    let content = try readBlob(descriptor.digest, size: descriptor.size)
    return content
  }

  /// The whole content of a document of which only the digest is known.
  package func readBlob(_ digest: Digest, size: Int64? = nil) throws(ImageStoreError) -> [UInt8] {
    let file = try openBlob(digest, size: size)
    let actual = try attempting("cannot read blob '\(digest)'") { () throws(SystemError) in try file.status().size }
    if actual > Self.documentLimit { throw .invalidDocument("blob '\(digest)'", "\(actual) bytes are too many for a document") }
    let content: [UInt8]
    do throws(SystemError) { content = try file.readAll(limit: Int(Self.documentLimit)) } catch {
      throw .system(error, "cannot read blob '\(digest)'")
    }
    let found = contentDigest(of: content, digest.algorithm)
    if found != digest { throw .corruptBlob(digest, "its content has the digest '\(found)'") }
    return content
  }

  /// Reads a blob of any size through and compares size and digest.
  package func verifyBlob(_ digest: Digest, size: Int64? = nil) throws(ImageStoreError) {
    let file = try openBlob(digest, size: size)
    let found = try attempting("cannot read blob '\(digest)'") { () throws(SystemError) in
      try contentDigest(of: file, digest.algorithm)
    }
    if found.digest != digest { throw .corruptBlob(digest, "its content has the digest '\(found.digest)'") }
  }
}
