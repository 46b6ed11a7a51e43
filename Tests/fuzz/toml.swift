// modules: JSON TOML
import JSON
import TOML

/// registries.conf: any bytes are a document or a fault with a line.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  do {
    let document = try parseTOML(input)
    // What was read can be written, and is JSON that says the same.
    let written = JSONValue.object(document).serialized()
    precondition((try? JSONValue(parsing: written)) == .object(document))
  } catch {
    precondition(error.line >= 1 && error.line <= input.count + 1)
  }
  return 0
}
