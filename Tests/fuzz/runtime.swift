// modules: JSON OCIRuntimeSpec
import JSON
import OCIRuntimeSpec

/// A bundle's config.json and a process.json.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  _ = try? decodeJSON(RuntimeConfiguration.self, from: input)
  _ = try? decodeJSON(Process.self, from: input)
  return 0
}
