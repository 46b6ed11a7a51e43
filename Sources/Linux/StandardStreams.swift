internal import Glibc

/// Standard input, output and error, which the process borrows from its parent.
package enum StandardStream: Int32, Sendable {
  case input = 0, output, error

  /// isatty(3).
  package var isTerminal: Bool { isatty(rawValue) == 1 }

  package func write(_ text: String) throws(SystemError) {
    try write(Array(text.utf8))
  }

  package func write(_ bytes: [UInt8]) throws(SystemError) {
    try unsafe bytes.span.bytes.withUnsafeBytes { (bytes) throws(SystemError) in try unsafe writeEveryByte(to: rawValue, bytes) }
  }

  /// Everything up to the end of the stream; see ``OwnedDescriptor/readAll(limit:)``.
  package func readAll(limit: Int = 64 << 20) throws(SystemError) -> [UInt8] {
    let file = OwnedDescriptor(rawValue)
    let content: Result<[UInt8], SystemError>
    do { content = .success(try file.readAll(limit: limit)) } catch { content = .failure(error) }
    _ = file.release()
    return try content.get()
  }
}
