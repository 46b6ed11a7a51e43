package import Linux
package import OCIImageSpec

/// Why a layer could not be read, written or applied. Prints as one line: `'usr/bin/x': what is wrong`.
package struct LayerError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Reason: Hashable, Sendable {
    /// The stream is not what its format promises: truncated, a bad checksum, an impossible number.
    case malformed(String)
    /// Well-formed, but something that a layer must not hold or that cannot be carried out here.
    case refused(String)
    /// One of ``LayerLimits`` is exceeded.
    case limit(String)
    /// The content is not what was asked for. `subject` is `layer` or `diffID`.
    case digestMismatch(subject: String, expected: Digest, actual: Digest)
    case system(SystemError)
  }

  /// The entry's path as it stands in the archive; nil where the stream as a whole is at fault.
  package let path: BytePath?
  package let reason: Reason

  package init(_ path: BytePath? = nil, _ reason: Reason) {
    self.path = path
    self.reason = reason
  }

  package var description: String {
    let problem =
      switch reason {
      case .malformed(let problem), .refused(let problem), .limit(let problem): problem
      case .digestMismatch(let subject, let expected, let actual): "\(subject) is \(actual), expected \(expected)"
      case .system(let error): "\(error)"
      }
    guard let path else { return problem }
    return "'\(path)': \(problem)"
  }
}

/// Runs `body` and says which entry a failing system call was about.
@inline(__always)
func naming<Result: ~Copyable>(
  _ path: BytePath?, _ body: () throws(SystemError) -> Result
) throws(LayerError) -> Result {
  do { return try body() } catch { throw LayerError(path, .system(error)) }
}
