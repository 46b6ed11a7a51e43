import Linux
import SystemPackage

@testable import LayerArchive

/// A directory of its own for a test, gone afterwards.
final class TemporaryDirectory {
  let path: FilePath

  init() throws {
    path = FilePath("/tmp/layer-test-\(UInt64.random(in: .min ... .max))")
    try makeDirectories(path)
  }

  deinit { try? removeTree(path) }

  func open() throws -> OwnedDescriptor { try openFile(path, [.readOnly, .directory]) }

  func write(_ name: FilePath, _ text: String) throws {
    try openFile(path.appending(name.components), [.writeOnly, .create, .truncate]).writeAll(text)
  }

  func makeDirectory(_ name: FilePath) throws { try makeDirectories(path.appending(name.components)) }

  func read(_ name: FilePath) throws -> String {
    String(decoding: try readFile(path.appending(name.components)), as: UTF8.self)
  }

  /// The metadata, nil where there is no such file.
  func status(_ name: FilePath) throws -> FileStatus? {
    do { return try fileStatus(path.appending(name.components), following: false) } catch  where error.errno == .noSuchFileOrDirectory {
      return nil
    }
  }
}

/// A layer of the given entries, in any order.
func layer(
  _ compression: LayerCompression = .none, threads: Int = 2, _ add: (LayerWriter) throws -> Void
) throws -> [UInt8] {
  let sink = MemorySink()
  let writer = try LayerWriter(to: sink, compression: compression, ordered: false, threads: threads)
  try add(writer)
  _ = try writer.finish()
  return sink.bytes
}

func file(_ path: BytePath, mode: UInt32 = 0o644) -> TarEntry { TarEntry(path, .regular, mode: mode) }

func directory(_ path: BytePath, mode: UInt32 = 0o755) -> TarEntry { TarEntry(path, .directory, mode: mode) }

/// A header as another program may write it: `change` has its way with our own, and the checksum follows.
func rawHeader(_ entry: TarEntry, _ change: (inout [UInt8]) -> Void) -> [UInt8] {
  var header = TarEncoder.header(entry)
  change(&header)
  let sum = TarHeader.sums(header[...]).unsigned
  let digits = Array(String(sum, radix: 8).utf8)
  header.replaceSubrange(TarHeader.checksum, with: [UInt8](repeating: 48, count: 6 - digits.count) + digits + [0, 32])
  return header
}

func block(_ bytes: [UInt8]) -> [UInt8] { bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512) }

/// Entries and whole contents of an archive.
func entries(_ bytes: [UInt8], limits: LayerLimits = LayerLimits()) throws(LayerError) -> [(entry: TarEntry, content: [UInt8])] {
  let reader = TarReader(MemorySource(bytes), limits: limits)
  var all: [(entry: TarEntry, content: [UInt8])] = []
  while let entry = try reader.next() {
    var content = [UInt8](repeating: 0, count: Int(min(entry.size, 1 << 24)))
    while let piece = try reader.nextContent() {
      unsafe content.replaceSubrange(Int(piece.offset)..<(Int(piece.offset) + piece.bytes.count), with: Array(piece.bytes))
    }
    all.append((entry, content))
  }
  return all
}
