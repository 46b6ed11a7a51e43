// modules: SystemPackage JSON OCIImageSpec Linux ContentHash LayerArchive
import LayerArchive

/// A layer from anybody, compressed or not: read to the end, with limits that are soon
/// reached, and its entries stacked.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  var limits = LayerLimits()
  limits.entries = 1000
  limits.uncompressedSize = 8 << 20
  limits.ratioAllowance = 1 << 20
  var entries: [TarEntry] = []
  _ = try? checkLayer(MemorySource(input), limits: limits) { entries.append($0) }
  let stack = LayerStack()
  stack.add(entries)
  stack.add(entries.reversed())
  precondition(stack.shownBytes >= 0 && stack.wastedBytes >= 0)
  _ = stack.wastedPaths
  return 0
}
