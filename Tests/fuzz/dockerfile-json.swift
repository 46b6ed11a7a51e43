// modules: JSON Dockerfile
import Dockerfile
import JSON

/// What somebody has edited between dfparse and layerctl.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  _ = try? decodeJSON(DockerfileDocument.self, from: input)
  return 0
}
