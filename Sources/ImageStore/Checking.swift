internal import Linux
package import OCIImageSpec
internal import SystemPackage

extension ImageStore {
  /// Reads everything through and says what is wrong: every blob against its digest, every document against its descriptor,
  /// every reference against what is there. Images may be added meanwhile, but nothing be collected.
  /// - Parameter progress: called with each blob before it is read.
  package func check(progress: (Digest) -> Void = { _ in }) throws(ImageStoreError) -> [Finding] {
    let hold = try hold()
    defer { withExtendedLifetime(hold) {} }
    var check = StoreCheck(store: self)
    try check.run(progress)
    return check.findings
  }
}

/// One pass over the store.
private struct StoreCheck {
  let store: ImageStore
  var findings: [Finding] = []
  /// Who needs a blob.
  private var users: [Digest: [String]] = [:]

  init(store: ImageStore) { self.store = store }

  mutating func run(_ progress: (Digest) -> Void) throws(ImageStoreError) {
    do { try store.checkLayout() } catch {
      findings.append(.invalidLayout(error.description))
      return
    }
    let entries = try entries()
    try checkBlobs(progress)
    for entry in entries {
      let user = entry.imageName?.familiarDescription ?? "image \(entry.digest.encoded.prefix(12))"
      try visit(entry, user, depth: 0)
    }
    for digest in users.keys.sorted(by: { $0.encoded < $1.encoded }) {
      let users = users[digest] ?? []
      if let reason = reasons[digest] {
        findings.append(.corruptBlob(digest, reason, usedBy: users))
      } else if try !store.hasBlob(digest) {
        findings.append(.missingBlob(digest, usedBy: users))
      }
    }
    for (digest, reason) in reasons.sorted(by: { $0.key.encoded < $1.key.encoded }) where users[digest] == nil {
      findings.append(.corruptBlob(digest, reason, usedBy: []))
    }
    let needed = (try? store.reachable().blobs) ?? Set(users.keys)
    for digest in try store.storedBlobs() where !needed.contains(digest) && reasons[digest] == nil {
      findings.append(.unreferenced(digest))
    }
    try checkLayers()
  }

  private mutating func entries() throws(ImageStoreError) -> [Descriptor] {
    if let bytes = try? readFile(store.indexPath), store.indexIsDamaged(bytes) { findings.append(.damagedIndex) }
    do { return try store.entries() } catch {
      guard case .invalidDocument = error else { throw error }
      findings.append(.invalidIndex(error.description))
      return []
    }
  }

  // MARK: Blobs

  /// Why a blob is not what its name says.
  private var reasons: [Digest: String] = [:]

  private mutating func checkBlobs(_ progress: (Digest) -> Void) throws(ImageStoreError) {
    for digest in try store.storedBlobs() {
      progress(digest)
      do { try store.verifyBlob(digest) } catch {
        switch error {
        case .corruptBlob(_, let reason): reasons[digest] = reason
        case .system(let error, _): reasons[digest] = "it cannot be read: \(error.errno)"
        default: throw error
        }
      }
    }
    for algorithm in Digest.Algorithm.allCases {
      let directory = "blobs/\(algorithm.rawValue)"
      for name in try store.names(in: store.images.appending(directory)) where Digest("\(algorithm.rawValue):\(name)") == nil {
        findings.append(.leftover("images/\(directory)/\(name)"))
      }
    }
  }

  private mutating func visit(_ descriptor: Descriptor, _ user: String, depth: Int) throws(ImageStoreError) {
    users[descriptor.digest, default: []].append(user)
    // What an index has for other platforms need not be there; what index.json names must be.
    guard depth < 8, reasons[descriptor.digest] == nil, try store.hasBlob(descriptor.digest) else { return }
    do throws(ImageStoreError) {
      if descriptor.mediaType.isIndex {
        let manifests = try store.index(descriptor).manifests
        var isEmpty = true
        for manifest in manifests where try store.hasBlob(manifest.digest) {
          isEmpty = false
          try visit(manifest, user, depth: depth + 1)
        }
        if isEmpty, let first = manifests.first { users[first.digest, default: []].append(user) }
      } else if descriptor.mediaType.isManifest {
        let manifest = try store.manifest(descriptor)
        for part in [manifest.config] + manifest.layers { try visitPart(part, user) }
        guard manifest.config.mediaType.isConfig, reasons[manifest.config.digest] == nil, try store.hasBlob(manifest.config.digest)
        else { return }
        _ = try store.configuration(manifest)
      } else {
        try store.verifyBlob(descriptor.digest, size: descriptor.size)
      }
    } catch {
      switch error {
      case .invalidDocument: findings.append(.invalidDocument(error.description, usedBy: [user]))
      case .corruptBlob(let digest, let reason): reasons[digest] = reason
      default: throw error
      }
    }
  }

  private mutating func visitPart(_ part: Descriptor, _ user: String) throws(ImageStoreError) {
    users[part.digest, default: []].append(user)
    guard reasons[part.digest] == nil, try store.hasBlob(part.digest), try !store.hasBlob(part.digest, size: part.size) else { return }
    findings.append(.invalidDocument("blob '\(part.digest)' does not have the \(part.size) bytes that its descriptor says", usedBy: [user]))
  }

  // MARK: Unpacked layers

  private mutating func checkLayers() throws(ImageStoreError) {
    let bootID = try currentBootID()
    for name in try store.layerEntries() {
      guard let chainID = Digest("sha256:\(name)") else {
        // Under our hold others may be unpacking; what is not locked is nobody's.
        if name.hasSuffix(".erofs") { try checkIndex(name) }
        if name.hasSuffix(".tmp"), try !isBeingUnpacked(name) { findings.append(.leftover("layers/\(name)")) }
        continue
      }
      guard let record = try store.layerRecord(chainID) else {
        findings.append(.untrustedLayer(chainID, "it has no record, or one that cannot be read"))
        continue
      }
      let status = try? fileStatus(store.layerDirectory(chainID).appending("fs"), following: false)
      if status?.kind != .directory {
        findings.append(.untrustedLayer(chainID, "its files are missing"))
      } else if !record.synced, record.bootID != bootID {
        findings.append(.untrustedLayer(chainID, "the machine was stopped before it was safely on the disk"))
      }
    }
  }

  private mutating func checkIndex(_ name: String) throws(ImageStoreError) {
    guard let chainID = Digest("sha256:\(name.dropLast(6))") else { return findings.append(.leftover("layers/\(name)")) }
    if let problem = try store.problem(ofIndex: chainID) { findings.append(.untrustedLayer(chainID, problem)) }
  }

  private func isBeingUnpacked(_ name: String) throws(ImageStoreError) -> Bool {
    let path = store.layers.appending("." + name.dropFirst().prefix(64) + ".lock")
    do {
      _ = try FileLock(path, .exclusive, waiting: false)
      return false
    } catch {
      if error.errno == .wouldBlock { return true }
      throw .system(error, "cannot look at a lock")
    }
  }
}
