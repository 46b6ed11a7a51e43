internal import JSON
internal import LayerArchive
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

extension Build {
  /// The digest of what a path in a context holds, times and owners apart; remembered as long as nothing is changed there.
  func contentDigest(of path: String, in root: SourceRoot) throws(BuildError) -> Digest {
    let began = Timestamp.now
    var request = CopyRequest(destination: "/content")
    request.isLink = true
    var plan = try CopyPlan(request, ImageTree([], epoch), epoch)
    guard let (found, status) = try root.resolve(BytePath(path)) else { throw try root.missing(path, BytePath(path)) }
    try plan.add(SourceMatch(root: root, path: found, status: status, name: Array("content".utf8)), pattern: nil)
    let fingerprint = CopyFingerprint()
    try CopyWalk.visit(plan, fingerprint)
    let memory = cache.directory.appending("contents").appending(fingerprint.finish().encoded)
    if let bytes = try? readFile(memory, limit: 200), let known = Digest(String(decoding: bytes, as: UTF8.self)) { return known }
    let writer = try reporting { try LayerWriter(to: NullSink(), compression: .none, threads: 1) }
    try CopyWalk.visit(plan, CopyLayer(writer, CopyMetadata(request: request, epoch: epoch)))
    let digest = try reporting { try writer.finish().diffID }
    if fingerprint.latest.seconds < began.seconds - 1 {
      try attempting("cannot write the build cache") {
        try makeDirectories(memory.removingLastComponent())
        try replaceFile(memory, with: Array("\(digest)".utf8), durable: false)
      }
    }
    return digest
  }
}
