internal import Glibc

/// Calls `body` with a null-terminated array of C strings, as exec and posix_spawn want them.
func withCStrings(_ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Void) {
  var pointers: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
  unsafe pointers.append(nil)
  unsafe pointers.withUnsafeBufferPointer { buffer in
    if let base = buffer.baseAddress { unsafe body(base) }
  }
  unsafe pointers.forEach { unsafe free($0) }
}
