package import Linux

/// Writes one layer: entries in, the compressed blob out at a sink, with its digests. The same entries give the same bytes.
///
/// Entries are given in the layer's order (``LayerPlan`` sorts them): a directory before its content, names bytewise, whiteouts
/// first. What is out of order or given twice is refused, unless `ordered` is false. With `hasMarkers` false it is an archive like any
/// other, in which a name that begins with `.wh.` is a file's. Not for several threads at once.
package final class LayerWriter {
  private let stream: TarStream
  private let times: ModificationTimes
  private let ordered: Bool
  private let hasMarkers: Bool
  private var last: BytePath?
  /// Whose the files are in the layer. To be set before the first entry.
  package var owners = OwnerMap()
  /// Entries written so far.
  package private(set) var count = 0

  /// `threads` compress while the caller's reads and writes; their number does not change the bytes.
  package init(
    to sink: any ByteSink, compression: LayerCompression = .gzip, times: ModificationTimes = .seconds, ordered: Bool = true,
    hasMarkers: Bool = true, threads: Int = 2
  ) throws(LayerError) {
    stream = try TarStream(sink, compression, threads: threads)
    self.times = times
    self.ordered = ordered
    self.hasMarkers = hasMarkers
  }

  /// An entry without content, or an empty file. Extended attributes that belong to a machine are left out
  /// (``isStored(attribute:)``).
  package func add(_ entry: TarEntry) throws(LayerError) {
    if entry.size != 0 { throw LayerError(entry.path, .refused("an entry of \(entry.size) bytes without content")) }
    try writeHeader(entry)
  }

  /// A regular file whose content is the next `entry.size` bytes of `content`.
  package func add(_ entry: TarEntry, content: borrowing OwnedDescriptor) throws(LayerError) {
    try writeHeader(entry)
    var left = entry.size
    while left > 0 {
      let most = left
      let file = content.rawValue
      let count = try unsafe stream.fill { (space) throws(LayerError) in
        let room = unsafe UnsafeMutableRawBufferPointer(rebasing: space[..<Int(min(Int64(space.count), most))])
        do throws(SystemError) { return try unsafe readBytes(from: file, into: room) } catch {
          throw LayerError(entry.path, .system(error))
        }
      }
      if count == 0 { throw LayerError(entry.path, .refused("became shorter while it was read")) }
      left -= Int64(count)
    }
    try stream.writeZeros(TarHeader.padding(entry.size))
  }

  /// A regular file with `bytes`; `entry.size` is taken from them.
  package func add(_ entry: TarEntry, bytes: [UInt8]) throws(LayerError) {
    var entry = entry
    entry.size = Int64(bytes.count)
    try writeHeader(entry)
    try stream.write(bytes)
    try stream.writeZeros(TarHeader.padding(entry.size))
  }

  /// A regular file whose content `next` gives piece by piece, `entry.size` bytes together.
  package func add(
    _ entry: TarEntry, content next: () throws(LayerError) -> UnsafeRawBufferPointer?
  ) throws(LayerError) {
    try writeHeader(entry)
    var left = entry.size
    while let bytes = try unsafe next() {
      left -= Int64(bytes.count)
      if left < 0 { break }
      try unsafe stream.write(bytes)
    }
    if left != 0 { throw LayerError(entry.path, .refused("its content is not of the size announced")) }
    try stream.writeZeros(TarHeader.padding(entry.size))
  }

  /// Hides `path` of the layers below.
  package func addWhiteout(_ path: BytePath) throws(LayerError) {
    guard let (parent, name) = path.normalized?.split else { throw LayerError(path, .refused("cannot be removed by a layer")) }
    try writeMarker(parent.appending(Whiteout.prefix + name))
  }

  /// Hides all that the layers below have in `directory`.
  package func addOpaque(_ directory: BytePath) throws(LayerError) {
    guard let directory = directory.normalized else { throw LayerError(directory, .refused("not a path inside the layer")) }
    try writeMarker(directory.appending(Whiteout.opaque))
  }

  /// Ends the archive and the blob. Nothing may be added afterwards.
  package func finish() throws(LayerError) -> LayerDescription {
    try stream.writeZeros(Int64(2 * TarHeader.blockSize))
    return try stream.finish()
  }

  private func writeMarker(_ path: BytePath) throws(LayerError) {
    try writeHeader(TarEntry(path, .regular, mode: 0o600), marker: true)
  }

  private func writeHeader(_ entry: TarEntry, marker: Bool = false) throws(LayerError) {
    guard let path = entry.path.normalized, path.bytes.count < LayerLimits().nameLength else {
      throw LayerError(entry.path, .refused("not a path that a layer can hold"))
    }
    if path.isEmpty, entry.kind != .directory { throw LayerError(entry.path, .refused("the root must be a directory")) }
    if !marker, hasMarkers, let name = path.split?.name, name.starts(with: Whiteout.prefix) {
      throw LayerError(entry.path, .refused("a name that begins with '.wh.' means a removal in a layer"))
    }
    if ordered, let last, !precedesInLayer(last, path) {
      throw LayerError(entry.path, .refused("out of order after '\(last)'"))
    }
    last = path
    var entry = marker ? entry : try owners.inside(entry)
    entry.path = path
    if case .hardLink(let target) = entry.kind, let target = target.normalized { entry.kind = .hardLink(target) }
    entry.modified = marker ? Timestamp(seconds: 0) : times.applied(to: entry.modified)
    entry.attributes = entry.attributes.filter(isStored)
    for attribute in entry.attributes where attribute.name.contains(UInt8(ascii: "=")) {
      throw LayerError(
        entry.path, .refused("the attribute '\(BytePath(attribute.name))' cannot be stored: its name has a '='"))
    }
    try stream.write(TarEncoder.header(entry))
    count += 1
  }
}

/// Whether a layer keeps the attribute: not SELinux's labels, which are the machine's policy, nor overlayfs's own book-keeping.
package func isStored(attribute: ExtendedAttribute) -> Bool {
  !attribute.name.elementsEqual("security.selinux".utf8) && !OverlayAttributes.isOne(attribute)
}
