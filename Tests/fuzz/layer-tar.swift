// modules: SystemPackage JSON OCIImageSpec Linux ContentHash LayerArchive
import LayerArchive

/// The tar stream alone: every header, every piece of content; and what was read is written again and read as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  var limits = LayerLimits()
  limits.entries = 1000
  let reader = TarReader(MemorySource(input), limits: limits)
  do throws(LayerError) {
    while let entry = try reader.next() {
      var last: Int64 = 0
      while let content = try reader.nextContent() {
        precondition(content.offset >= last)
        last = unsafe content.offset + Int64(content.bytes.count)
      }
      precondition(last <= entry.size)
      check(entry)
    }
  } catch { return 0 }
  return 0
}

private func check(_ entry: TarEntry) {
  var entry = entry
  entry.size = 0
  let sink = MemorySink()
  guard let writer = try? LayerWriter(to: sink, compression: .none, times: .exact, hasMarkers: false, threads: 1),
    (try? writer.add(entry)) != nil, (try? writer.finish()) != nil
  else { return }
  guard let again = try? TarReader(MemorySource(sink.bytes)).next() else { preconditionFailure("what was written cannot be read") }
  precondition(again.path.normalized == entry.path.normalized && again.mode == entry.mode && again.userID == entry.userID)
  precondition(again.modified == entry.modified && again.groupID == entry.groupID)
}
