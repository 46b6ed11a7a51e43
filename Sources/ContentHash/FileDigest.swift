package import Linux
package import OCIImageSpec

/// Reads `file` from its position to its end. The digest and the number of bytes.
package func contentDigest(
  of file: borrowing OwnedDescriptor, _ algorithm: Digest.Algorithm = .sha256
) throws(SystemError) -> (digest: Digest, size: Int64) {
  var hasher = ContentHasher(algorithm)
  var size: Int64 = 0
  var chunk = [UInt8](repeating: 0, count: 256 << 10)
  while true {
    var span = chunk.mutableSpan
    let count = try unsafe span.withUnsafeMutableBytes { (buffer) throws(SystemError) in try unsafe file.read(into: buffer) }
    if count == 0 { return (hasher.finish(), size) }
    unsafe hasher.update(chunk.span.bytes.extracting(0..<count))
    size += Int64(count)
  }
}
