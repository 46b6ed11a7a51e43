// modules: JSON Dockerfile
import Dockerfile
import JSON

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard let document = try? DockerfileDocument(parsing: input) else { return 0 }
  let json = document.json(pretty: false)
  guard let again = try? decodeJSON(DockerfileDocument.self, from: json), again.json(pretty: false) == json else {
    fatalError("its own JSON is not read back")
  }
  _ = try? document.formatted(.canonical)
  _ = try? WordExpander().expand(String(decoding: input, as: UTF8.self), ["A": "b", "PATH": "/bin"])
  return 0
}
