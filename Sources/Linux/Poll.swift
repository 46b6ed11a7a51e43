internal import Glibc
internal import SystemPackage

/// poll(2) for reading: those of `descriptors` that have something to read, are at their end, or are broken. -1 waits for ever.
package func waitReadable(_ descriptors: [Int32], milliseconds: Int32 = -1) throws(SystemError) -> [Int32] {
  var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  _ = try valueOrError("poll") { unsafe poll(&entries, nfds_t(entries.count), milliseconds) }
  return entries.filter { $0.revents != 0 }.map(\.fd)
}

/// Moves what one read(2) gives from one borrowed descriptor to another; how many bytes that was, 0 at the end.
package func copyChunk(from source: Int32, to target: Int32) throws(SystemError) -> Int {
  var chunk = [UInt8](repeating: 0, count: 32 << 10)
  let count = try valueOrError("read", "descriptor \(source)") { unsafe Glibc.read(source, &chunk, chunk.count) }
  try writeBytes(Array(chunk[..<count]), to: target)
  return count
}

/// Writes every byte to a borrowed descriptor.
package func writeBytes(_ bytes: [UInt8], to target: Int32) throws(SystemError) {
  try unsafe bytes.span.bytes.withUnsafeBytes { (bytes) throws(SystemError) in try unsafe writeEveryByte(to: target, bytes) }
}
