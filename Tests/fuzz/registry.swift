// modules: JSON OCIImageSpec OCIDistributionSpec
import OCIDistributionSpec

/// What a registry says in its headers: challenges, links, ranges, warnings, places.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let text = String(decoding: input, as: UTF8.self)
  for challenge in Challenge.parse(text) { precondition(challenge.scheme == challenge.scheme.lowercased()) }
  if let range = rangeBounds(text) { precondition(range.lowerBound >= 0) }
  _ = nextLink(text)
  _ = warningText(text)
  let target = absoluteURL(text, relativeTo: "https://registry.example:5000/v2/a/b?c")
  // Whatever the place is, it is one of which is known where it leads.
  if !text.contains("://"), !text.hasPrefix("//") { precondition(splitURL(target).authority == "registry.example:5000") }
  precondition(percentEncoded(text).utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
  return 0
}
