import ArgumentParser
import CommandSupport
import JSON
import LayerArchive
import Linux
import OCIImageSpec
import SystemPackage

/// Every verb that works on layers as streams and directories, without the store.
enum LayerVerbs {
  static let all: [any ParsableCommand.Type] = [
    Pack.self, Diff.self, Apply.self, Squash.self, Index.self, Hash.self, List.self, DiffTree.self, Archive.self, Extract.self,
  ]
}

/// How a layer is written and where.
struct LayerDestination: ParsableArguments {
  @ArgumentParser.Option(help: "none, gzip or zstd, with a level as in gzip:6.")
  var compression = "gzip"
  @ArgumentParser.Option(name: .shortAndLong, help: "Write the layer to FILE and its description, as JSON, to standard output.")
  var output: String?
  @ArgumentParser.Option(help: "No time is later than this, in seconds since 1970. (default: $SOURCE_DATE_EPOCH)")
  var sourceDateEpoch: Int64?
  @Flag(help: "Keep times to the nanosecond.") var exactTimes = false
  @ArgumentParser.Option(help: "Threads that compress; the bytes are the same for any number.") var threads = 2
  @OptionGroup var ownerMap: OwnerMapOptions

  func validate() throws {
    if LayerCompression(compression) == nil { throw ValidationError("'\(compression)' is not a compression") }
    if !(1...64).contains(threads) { throw ValidationError("--threads must be between 1 and 64") }
    if exactTimes, sourceDateEpoch != nil { throw ValidationError("--exact-times and --source-date-epoch exclude each other") }
  }

  private func times() throws -> ModificationTimes {
    if exactTimes { return .exact }
    if let epoch = sourceDateEpoch { return .clamped(to: Timestamp(seconds: epoch)) }
    return try layerTimes()
  }

  /// Lets `body` add the entries; the layer appears under its name only when it is whole.
  func write(_ body: (LayerWriter) throws(LayerError) -> Void) throws {
    let compression = LayerCompression(compression) ?? .gzip
    guard let output, output != "-" else {
      if StandardStream.output.isTerminal {
        throw Refusal(description: "a layer is not for a terminal: redirect standard output or use -o FILE")
      }
      let sink = DescriptorSink(try openFile("/proc/self/fd/1", .writeOnly))
      let writer = try LayerWriter(to: sink, compression: compression, times: try times(), threads: threads)
      writer.owners = ownerMap.map
      try body(writer)
      _ = try writer.finish()
      return
    }
    let path = FilePath(output)
    let directory = try openFile(path.removingLastComponent().isEmpty ? "." : path.removingLastComponent(), [.readOnly, .directory])
    guard let name = path.lastComponent else { throw Refusal(description: "'\(output)': not a file name") }
    let temporary = FilePath(".\(name).\(monotonicNanoseconds())")
    let sink = DescriptorSink(try directory.open(temporary, [.writeOnly, .create, .exclusive], mode: 0o644))
    do {
      let writer = try LayerWriter(to: sink, compression: compression, times: try times(), threads: threads)
      writer.owners = ownerMap.map
      try body(writer)
      let layer = try writer.finish()
      try sink.descriptor.synchronizeData()
      try directory.rename(temporary, to: FilePath(root: nil, [name]))
      printLine(String(decoding: layer.json.serialized(pretty: true), as: UTF8.self))
    } catch {
      try? directory.remove(temporary)
      throw error
    }
  }
}

/// Whole seconds, none later than `SOURCE_DATE_EPOCH`.
func layerTimes() throws -> ModificationTimes {
  guard let epoch = try sourceDateEpoch() else { return .seconds }
  return .clamped(to: Timestamp(seconds: epoch))
}

/// Owners in the layer and here, as umoci and the kernel's maps have them.
struct OwnerMapOptions: ParsableArguments {
  @ArgumentParser.Option(parsing: .singleValue, help: "INSIDE:OUTSIDE[:COUNT], owners in the layer and of files here; may be repeated.")
  var uidMap: [String] = []
  @ArgumentParser.Option(parsing: .singleValue, help: "The same for groups.") var gidMap: [String] = []

  func validate() throws {
    for text in uidMap + gidMap where OwnerMap.Range(text) == nil { throw ValidationError("'\(text)' is not INSIDE:OUTSIDE[:COUNT]") }
  }

  var map: OwnerMap { OwnerMap(users: uidMap.compactMap { OwnerMap.Range($0) }, groups: gidMap.compactMap { OwnerMap.Range($0) }) }
}

/// What a verb will not do, in one line.
struct Refusal: Error, CustomStringConvertible { let description: String }

extension LayerDescription {
  /// `schemas/layer.schema.json`.
  var json: JSONValue {
    [
      "mediaType": .string(mediaType), "digest": .string(digest.description), "size": .integer(size),
      "diffID": .string(diffID.description), "uncompressedSize": .integer(uncompressedSize),
    ]
  }
}

/// A layer to read: a file, or standard input where the name is `-` or absent.
func layerSource(_ name: String?) throws -> DescriptorSource {
  guard let name, name != "-" else { return DescriptorSource(try openFile("/proc/self/fd/0", .readOnly)) }
  return DescriptorSource(try openFile(FilePath(name), [.readOnly, .nonBlocking]))
}

/// Says what was left out of a layer.
func warnOfEntry(_ path: BytePath, _ problem: String) { Diagnostics.warning("'\(path)': \(problem)") }

/// The limits that a person may raise.
struct LimitOptions: ParsableArguments {
  @ArgumentParser.Option(help: "Most entries in the layer.") var maximumEntries = LayerLimits().entries
  @ArgumentParser.Option(help: "Most uncompressed bytes.") var maximumSize = LayerLimits().uncompressedSize
  @ArgumentParser.Option(help: "Most uncompressed bytes for a compressed one, past the first 2 GiB.")
  var maximumRatio = LayerLimits().ratio

  func validate() throws {
    if maximumEntries < 1 || maximumSize < 1 || maximumRatio < 1 { throw ValidationError("a limit must be at least 1") }
  }

  var limits: LayerLimits {
    var limits = LayerLimits()
    limits.entries = maximumEntries
    limits.uncompressedSize = maximumSize
    limits.ratio = maximumRatio
    return limits
  }
}
