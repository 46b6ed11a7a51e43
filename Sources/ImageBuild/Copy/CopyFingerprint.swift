internal import ContentHash
internal import LayerArchive
internal import Linux
internal import OCIImageSpec

/// A digest of what a walk finds by the files' metadata alone: device, inode, size, times of content and inode. Equal fingerprints mean
/// that nothing has been changed since, so that no content need be read; the inode's time cannot be set back.
final class CopyFingerprint: CopyVisitor {
  private var hasher = ContentHasher()
  private var buffer: [UInt8] = []
  /// The latest change that was seen.
  private(set) var latest = Timestamp(seconds: .min)

  func add(_ bytes: [UInt8]) {
    append(UInt64(bytes.count))
    buffer += bytes
  }

  func existing(_ entry: TarEntry) throws(BuildError) {}

  func made(_ path: BytePath, mode: UInt32) throws(BuildError) {}

  func file(_ path: BytePath, _ contribution: CopyContribution) throws(BuildError) {
    add(path.bytes)
    guard case .file(_, _, let status) = contribution.content else { return }
    append(UInt64(status.permissions))
    if status.kind == .directory { return append(UInt64.max) }
    for number in [status.device, status.inode, UInt64(bitPattern: status.size), status.representedDevice] { append(number) }
    for time in [status.modified, status.changed] {
      append(UInt64(bitPattern: time.seconds))
      append(UInt64(time.nanoseconds))
    }
    latest = max(latest, status.changed)
    if buffer.count > 64 << 10 { flush() }
  }

  private func append(_ number: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { buffer.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  private func flush() {
    hasher.update(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  func finish() -> Digest {
    flush()
    return exchange(&hasher, with: ContentHasher()).finish()
  }
}
