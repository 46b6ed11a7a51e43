package import OCIImageSpec
package import Registry

/// Copies what a name leads to from one registry to another, past the store. Every document is copied byte for byte.
package struct Copy: Sendable {
  package let source: Reference
  /// Where it may be had, in the order in which they are asked.
  package let sources: [RemoteRepository]
  package let tag: String
  package let destination: RemoteRepository
  /// Of an index that one image alone; nil for the whole.
  package var platform: Platform?
  package var withReferrers = false
  /// Layers at once; each takes two connections.
  package var jobs = 4
  package var report: @Sendable (TransferEvent) -> Void = { _ in }

  package init(_ source: Reference, from sources: [RemoteRepository], to destination: RemoteRepository, tag: String) {
    self.source = source.withDefaultTag
    self.sources = sources
    self.destination = destination
    self.tag = tag
  }

  package struct Plan: Sendable {
    package let repository: RemoteRepository
    package let root: RemoteManifest
    /// Each after what it refers to.
    package let documents: [RemoteManifest]
    package let blobs: [Descriptor]
  }

  package func plan() throws -> Plan {
    let (repository, named) = try sources.firstManifest(source)
    var root = named
    if let platform, named.descriptor.mediaType.isIndex {
      root = try repository.manifest(try image(of: named, for: platform, named: source.familiarDescription))
    }
    let tree = try repository.tree(below: root)
    let referrers = withReferrers ? try repository.referrers(to: tree) : []
    var seen: Set<Digest> = []
    let blobs = (tree.blobs + referrers.flatMap(\.blobs)).filter { !$0.mediaType.isNonDistributable && seen.insert($0.digest).inserted }
    return Plan(repository: repository, root: root, documents: tree.documents + referrers.flatMap(\.documents), blobs: blobs)
  }

  /// Blobs first, then what refers to them. Answers what now has the name.
  package func run() throws -> Descriptor {
    let plan = try plan()
    report(.planned(plan.blobs))
    try inParallel(plan.blobs, jobs: jobs, worker: { (try plan.repository.sibling(), try destination.sibling()) }) { blob, ends, stop in
      try copy(blob, from: ends.0, to: ends.1, stop)
    }
    for document in plan.documents {
      let isRoot = document.descriptor.digest == plan.root.descriptor.digest
      try destination.put(document.bytes, document.descriptor.mediaType, tag: isRoot ? tag : nil)
    }
    return plan.root.descriptor
  }

  private func copy(
    _ blob: Descriptor, from source: RemoteRepository, to destination: RemoteRepository, _ stop: @escaping @Sendable () throws -> Void
  ) throws {
    if try destination.client.hasBlob(destination.path, blob) { return report(.exists(blob)) }
    let isSameRegistry = source.client.host == destination.client.host
    let passage = try Passage(blob, from: source) { bytes in
      report(.progress(blob, bytes))
      try stop()
    }
    let others = isSameRegistry && source.path != destination.path ? [source.path] : []
    do {
      let outcome = try destination.client.upload(destination.path, blob, passage, from: others)
      if let failure = passage.end() { throw failure }
      if case .mounted(let other) = outcome { report(.mounted(blob, from: other)) } else { report(.done(blob)) }
    } catch {
      // That the bytes are wrong says more than that the other registry does not want them.
      throw passage.end() ?? error
    }
  }
}
