// modules: JSON
import JSON

/// Whatever parses is written and parses again to the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard let value = try? JSONValue(parsing: input) else { return 0 }
  guard let again = try? JSONValue(parsing: value.serialized()), again == value else { fatalError("not the same again") }
  return 0
}
