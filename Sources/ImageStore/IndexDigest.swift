internal import ContentHash
internal import JSON
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

// index.json is the one file of a layout that nothing else vouches for. Beside it lies the digest that it had when we wrote it and
// which file that was; another tool's index is another file, and then the digest says nothing.

private struct IndexDigest: Codable {
  var digest: Digest
  var inode: UInt64
  /// Seconds and nanoseconds of the file's modification.
  var seconds: Int64
  var nanoseconds: UInt32
}

extension ImageStore {
  private var indexDigestPath: FilePath { images.appending(".index.digest") }

  func recordIndexDigest(_ bytes: [UInt8]) throws {
    let status = try fileStatus(indexPath)
    let record = IndexDigest(
      digest: contentDigest(of: bytes), inode: status.inode, seconds: status.modified.seconds, nanoseconds: status.modified.nanoseconds)
    try replaceFile(indexDigestPath, with: try encodeJSON(record, pretty: false), durable: false)
  }

  /// Whether `index.json` is the very file that tote wrote last, with other content: a disk or a stray hand has changed it.
  func indexIsDamaged(_ bytes: [UInt8]) -> Bool {
    guard let recorded = try? readFile(indexDigestPath, limit: 4096), let status = try? fileStatus(indexPath),
      let record = try? decodeJSON(IndexDigest.self, from: recorded), record.inode == status.inode,
      Timestamp(seconds: record.seconds, nanoseconds: record.nanoseconds) == status.modified
    else { return false }
    return record.digest != contentDigest(of: bytes)
  }
}
