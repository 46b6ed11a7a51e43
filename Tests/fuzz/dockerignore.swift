// modules: JSON Dockerfile
import Dockerfile

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard let ignore = try? DockerIgnore(parsing: input) else { return 0 }
  _ = ignore.verdict("a/b/c.txt")
  _ = ignore.verdict(Array(input.prefix(200)))
  return 0
}
