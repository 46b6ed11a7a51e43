// modules: JSON OCIImageSpec
import JSON
import OCIImageSpec

/// What a registry sends: manifest, index, configuration; and a name that somebody types.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  _ = try? decodeJSON(ImageManifest.self, from: input)
  _ = try? decodeJSON(ImageIndex.self, from: input)
  _ = try? decodeJSON(ImageConfiguration.self, from: input)
  let text = String(decoding: input, as: UTF8.self)
  if let reference = try? Reference(text) { _ = reference.description }
  _ = Digest(text)
  _ = Platform(text)
  return 0
}
