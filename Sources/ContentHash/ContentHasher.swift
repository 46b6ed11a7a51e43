internal import CCrypto
package import OCIImageSpec

/// Hashes content piece by piece with OpenSSL, which uses the processor's SHA instructions.
///
/// One thread at a time may use a hasher; it may move between threads.
@safe
package struct ContentHasher: ~Copyable, @unchecked Sendable {
  package let algorithm: Digest.Algorithm
  private let context: OpaquePointer

  package init(_ algorithm: Digest.Algorithm = .sha256) {
    // Without the configuration file: it costs a millisecond of start-up and could name another implementation.
    OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT), nil)
    guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("EVP_MD_CTX_new: out of memory") }
    self.algorithm = algorithm
    unsafe self.context = context
    let method = algorithm == .sha256 ? unsafe EVP_sha256() : unsafe EVP_sha512()
    let done = unsafe EVP_DigestInit_ex(context, method, nil)
    precondition(done == 1, "EVP_DigestInit_ex")
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let done = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(done == 1, "EVP_DigestUpdate")
  }

  package mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe update($0) }
  }

  package mutating func update(_ bytes: [UInt8]) {
    unsafe update(bytes.span.bytes)
  }

  /// The digest of all that was given to `update`.
  package consuming func finish() -> Digest {
    var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    let done = unsafe EVP_DigestFinal_ex(context, &bytes, &count)
    precondition(done == 1 && Int(count) == algorithm.byteCount, "EVP_DigestFinal_ex")
    return Digest(algorithm, bytes: Array(bytes[..<Int(count)]))
  }
}

/// The digest of `bytes`.
package func contentDigest(of bytes: [UInt8], _ algorithm: Digest.Algorithm = .sha256) -> Digest {
  var hasher = ContentHasher(algorithm)
  hasher.update(bytes)
  return hasher.finish()
}
