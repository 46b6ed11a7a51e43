internal import ContentHash
internal import ImageStore
internal import LayerArchive
internal import Linux
internal import OCIImageSpec

/// The files of an archive of images, read once from its beginning to its end, as it may come through a pipe with the manifest last.
///
/// Small files stay in memory, where the documents are looked for; each larger one becomes a blob of the store at once. What turns
/// out not to be needed is left to garbage collection.
struct ImageArchive: ImageFiles {
  private static let memoryLimit: Int64 = 128 << 20
  private static let entryLimit = 100_000

  private var files: [BytePath: ArchivedFile] = [:]
  /// Symbolic and hard links, to paths within the archive; nil for one that leads out of it.
  private var links: [BytePath: BytePath?] = [:]
  private var inMemory: Int64 = 0
  let store: ImageStore
  let hold: ContentHold

  /// Reads all of `source`: a tar archive, compressed by anything that libarchive knows.
  init(_ source: any ByteSource, _ store: ImageStore, _ hold: ContentHold) throws(LayerStoreError) {
    self.store = store
    self.hold = hold
    let plain = try layering("archive") { () throws(LayerError) in try LayerSource(try storableLayer(source)) }
    let reader = TarReader(plain)
    while let entry = try layering("archive", { () throws(LayerError) in try reader.next() }) {
      if reader.count > Self.entryLimit { throw .archive("archive: more than \(Self.entryLimit) entries") }
      guard let path = entry.path.normalized else { continue }
      switch entry.kind {
      case .regular: files[path] = try read(entry, reader, path)
      case .symbolicLink(let target): links[path] = Self.resolve(target, from: path)
      case .hardLink(let target): links[path] = .some(target.normalized)
      default: break
      }
    }
    _ = try layering("archive") { () throws(LayerError) in try plain.finish() }
  }

  /// Where the target of a symbolic link at `path` lies in the archive; nil where it leads out of it.
  private static func resolve(_ target: BytePath, from path: BytePath) -> BytePath? {
    if target.bytes.first == UInt8(ascii: "/") { return nil }
    var components = path.split?.parent.components ?? []
    for component in target.components {
      if component.elementsEqual("..".utf8) {
        if components.popLast() == nil { return nil }
      } else if !component.elementsEqual(".".utf8) {
        components.append(component)
      }
    }
    return BytePath(components: components)
  }

  private mutating func read(_ entry: TarEntry, _ reader: TarReader, _ path: BytePath) throws(LayerStoreError) -> ArchivedFile {
    let algorithm: Digest.Algorithm = path.bytes.starts(with: "blobs/sha512/".utf8) ? .sha512 : .sha256
    if entry.size <= ArchivedFile.smallSize, inMemory + entry.size <= Self.memoryLimit {
      var content: [UInt8] = []
      try unsafe each(reader) { (bytes) throws(LayerStoreError) in unsafe content.append(contentsOf: bytes) }
      inMemory += Int64(content.count)
      return ArchivedFile(digest: contentDigest(of: content, algorithm), size: Int64(content.count), content: content)
    }
    let file = try storing { () throws(ImageStoreError) in try store.temporaryBlob(algorithm) }
    var hasher = ContentHasher(algorithm)
    var size: Int64 = 0
    try unsafe each(reader) { (bytes) throws(LayerStoreError) in
      do throws(SystemError) { try unsafe file.writeAll(bytes) } catch {
        throw .store(.system(error, "cannot write a blob to '\(store.images)'"))
      }
      unsafe hasher.update(bytes)
      size += Int64(bytes.count)
    }
    let digest = hasher.finish()
    try storing { () throws(ImageStoreError) in try store.adopt(hold, file, digest: digest, size: size) }
    return ArchivedFile(digest: digest, size: size, content: nil)
  }

  private func each(
    _ reader: TarReader, _ body: (UnsafeRawBufferPointer) throws(LayerStoreError) -> Void
  ) throws(LayerStoreError) {
    while let piece = try layering("archive", { () throws(LayerError) in try reader.nextContent() }) {
      try unsafe body(piece.bytes)
    }
  }

  // MARK: Looking things up

  /// The file at `path`, through links; nil where there is none.
  func file(_ path: String) throws(LayerStoreError) -> ArchivedFile? {
    guard var place = BytePath(path).normalized else { throw .archive("archive: '\(path)' leads out of the archive") }
    for _ in 0..<16 {
      if let file = files[place] { return file }
      guard let link = links[place] else { return nil }
      guard let target = link else { throw .archive("archive: '\(path)' is a link that leads out of the archive") }
      place = target
    }
    throw .archive("archive: '\(path)' is a link that leads nowhere")
  }
}
