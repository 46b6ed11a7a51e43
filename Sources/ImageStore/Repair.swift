internal import JSON
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

extension ImageStore {
  private var damaged: FilePath { images.appending("damaged") }

  /// Puts right what can be put right without the content that is lost: damaged blobs are moved to `images/damaged/`, so that a pull
  /// brings them again; entries whose manifest is gone are dropped; an index that cannot be read is made anew from the manifests
  /// that are there; layers that cannot be trusted are removed, to be unpacked again.
  /// - Returns: what was done, a line each.
  package func repair(_ findings: [Finding]) throws(ImageStoreError) -> [String] {
    let hold = try exclusiveHold()
    defer { withExtendedLifetime(hold) {} }
    var done: [String] = []
    for finding in findings {
      switch finding {
      case .corruptBlob(let digest, _, _):
        // Looked at again under the lock: it may have been replaced since.
        do { try verifyBlob(digest) } catch {
          if case .missingBlob = error { continue }
          try setAside(digest)
          done.append("moved blob '\(digest)' to images/damaged/")
        }
      case .untrustedLayer(let chainID, _):
        if try !isTrusted(chainID) {
          try removeLayer(chainID)
          done.append("removed unpacked layer '\(chainID)'")
        }
      case .invalidIndex, .damagedIndex, .invalidLayout, .missingBlob, .invalidDocument, .leftover, .unreferenced: break
      }
    }
    if findings.contains(where: { if case .invalidIndex = $0 { true } else { false } }) { done += try rebuildIndex() }
    done += try dropDeadEntries()
    return done
  }

  /// Whether what there is of the layer, its directory or its index, can be used.
  private func isTrusted(_ chainID: Digest) throws(ImageStoreError) -> Bool {
    let (directory, index) = (layerDirectory(chainID), indexDirectory(chainID))
    if !fileMissing(directory), try unpackedLayer(chainID) == nil || fileMissing(directory.appending("fs")) { return false }
    if fileMissing(index) { return true }
    return try problem(ofIndex: chainID) == nil
  }

  private func fileMissing(_ path: FilePath) -> Bool { (try? fileStatus(path, following: false)) == nil }

  private func setAside(_ digest: Digest) throws(ImageStoreError) {
    let (source, target) = (images.appending("blobs/\(digest.algorithm.rawValue)"), damaged)
    try attempting("cannot move blob '\(digest)' out of the way") { () throws(SystemError) in
      try makeDirectories(target)
      let from = try openFile(source, [.readOnly, .directory])
      let to = try openFile(target, [.readOnly, .directory])
      try from.rename(FilePath(digest.encoded), to: FilePath(digest.encoded), in: to)
      try to.synchronize()
      try from.synchronize()
    }
  }

  /// Entries that lead nowhere: their target is not there, or is whole and yet not what it is said to be. Writing the index anew
  /// also renews the digest beside it.
  private func dropDeadEntries() throws(ImageStoreError) -> [String] {
    let lock = try indexLock()
    var index = try readIndexIfPresent() ?? emptyIndex
    var done: [String] = []
    var alive: [Descriptor] = []
    for entry in index.manifests {
      let name = entry.imageName?.familiarDescription ?? "\(entry.digest)"
      if try !hasBlob(entry.digest, size: entry.size) {
        done.append("dropped '\(name)': its manifest is gone")
      } else if entry.mediaType.isManifest, (try? manifest(entry)) == nil {
        done.append("dropped '\(name)': its manifest is not valid")
      } else if entry.mediaType.isIndex, (try? self.index(entry)) == nil {
        done.append("dropped '\(name)': its index is not valid")
      } else {
        alive.append(entry)
      }
    }
    index.manifests = alive
    try writeIndex(index, under: lock)
    return done
  }

  /// A new index of every manifest and index among the blobs that no other of them has; without names.
  private func rebuildIndex() throws(ImageStoreError) -> [String] {
    let lock = try indexLock()
    var found: [Descriptor] = []
    var inner: Set<Digest> = []
    for digest in try storedBlobs() {
      guard let size = try? fileStatus(blobPath(digest)).size, size < Self.documentLimit, let bytes = try? readBlob(digest),
        let value = try? JSONValue(parsing: bytes), value["schemaVersion"]?.integerValue == 2
      else { continue }
      let isIndex = value["manifests"] != nil
      guard isIndex || value["layers"] != nil else { continue }
      let type = value["mediaType"]?.stringValue.map(MediaType.init(rawValue:)) ?? (isIndex ? .imageIndex : .imageManifest)
      let descriptor = Descriptor(mediaType: type, digest: digest, size: size)
      if isIndex, let index = try? self.index(descriptor) {
        inner.formUnion(index.manifests.map(\.digest))
        found.append(descriptor)
      } else if !isIndex, (try? manifest(descriptor)) != nil {
        found.append(descriptor)
      }
    }
    let images = images
    try? openFile(images, [.readOnly, .directory]).rename("index.json", to: "index.json.damaged")
    let index = ImageIndex(manifests: found.filter { !inner.contains($0.digest) })
    try writeIndex(index, under: lock)
    return ["made a new index.json of \(index.manifests.count) images without names; the old one is index.json.damaged"]
  }
}
