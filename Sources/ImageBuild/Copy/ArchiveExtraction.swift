internal import LayerArchive
internal import Linux

extension CopyPlan {
  /// Whether a regular file is a tar archive with anything in it, whatever it is compressed by and called.
  func isArchive(_ match: SourceMatch) throws(BuildError) -> Bool {
    do {
      guard let reader = try openArchive(DescriptorSource(try match.root.openFile(match.path))) else { return false }
      return try reader.next() != nil
    } catch let error as LayerError {
      // What only begins like an archive is a file like any other.
      if case .malformed = error.reason { return false }
      throw BuildError("'\(match.path)': \(error)")
    } catch {
      throw BuildError("'\(match.path)': \(error)")
    }
  }

  /// Writes an archive's entries, below the directory that they are unpacked into, in the archive's order.
  func extract(_ match: SourceMatch, at directory: BytePath, _ writer: LayerWriter, _ epoch: BuildEpoch) throws(BuildError) {
    let owner = request.owner
    try attempting("cannot unpack '\(match.path)'") {
      guard let reader = try openArchive(DescriptorSource(try match.root.openFile(match.path))) else { return }
      while var entry = try reader.next() {
        guard let path = entry.path.normalized else { throw BuildError("'\(match.path)': '\(entry.path)' leads out of the archive") }
        if path.isEmpty { continue }
        entry.path = BytePath(components: directory.components + path.components)
        if case .hardLink(let target) = entry.kind {
          guard let target = target.normalized else { throw BuildError("'\(match.path)': '\(target)' leads out of the archive") }
          entry.kind = .hardLink(BytePath(components: directory.components + target.components))
        }
        if let owner {
          entry.userID = owner.userID
          entry.groupID = owner.groupID
        }
        entry.modified = epoch.limited(entry.modified)
        entry.attributes = entry.attributes.filter { $0.name.elementsEqual("security.capability".utf8) }
        try add(entry, reader, writer)
      }
    }
  }

  private func add(_ entry: TarEntry, _ reader: TarReader, _ writer: LayerWriter) throws {
    guard entry.kind == .regular else { return try writer.add(entry) }
    var position: Int64 = 0
    var waiting: TarReader.Content?
    var isAtEnd = false
    let zeros = ZeroBytes()
    try unsafe writer.add(entry) { () throws(LayerError) -> UnsafeRawBufferPointer? in
      if waiting == nil, !isAtEnd {
        waiting = try reader.nextContent()
        isAtEnd = waiting == nil
      }
      // Holes of sparse files are written as what they read as.
      let next = waiting?.offset ?? entry.size
      if next > position {
        let count = unsafe min(next - position, Int64(zeros.bytes.count))
        position += count
        return unsafe UnsafeRawBufferPointer(rebasing: zeros.bytes[..<Int(count)])
      }
      guard let content = waiting else { return nil }
      waiting = nil
      unsafe position += Int64(content.bytes.count)
      return unsafe content.bytes
    }
  }
}

@safe
private final class ZeroBytes {
  let bytes: UnsafeRawBufferPointer

  init() {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
    unsafe self.bytes = UnsafeRawBufferPointer(bytes)
  }

  deinit { unsafe bytes.deallocate() }
}
