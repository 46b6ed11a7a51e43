internal import Glibc
package import SystemPackage

/// Where a tool of the pipeline is: beside the running program, else on PATH.
package func toolPath(_ name: String) throws(SystemError) -> FilePath {
  var places: [FilePath] = []
  if let own = try? readLink("/proc/self/exe") { places.append(own.removingLastComponent()) }
  places += (Environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map { FilePath(String($0)) }
  for place in places {
    let candidate = place.appending(name)
    if unsafe candidate.withPlatformString({ unsafe access($0, X_OK) }) == 0 { return candidate }
  }
  throw SystemError("exec", "'\(name)'", .noSuchFileOrDirectory)
}

/// readlink(2).
package func readLink(_ path: FilePath) throws(SystemError) -> FilePath {
  var target = [CChar](repeating: 0, count: 4097)
  _ = try valueOrError("readlink", quoted(path)) {
    unsafe path.withPlatformString { name in unsafe readlink(name, &target, 4096) }
  }
  return unsafe target.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return FilePath("") }
    return unsafe FilePath(platformString: base)
  }
}
