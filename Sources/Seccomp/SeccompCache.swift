internal import Linux
internal import SystemPackage

/// Compiled programs as files of a directory that only their owner may write, named by what they were compiled from.
struct SeccompCache {
  let directory: FilePath
  /// Names the form of the file.
  private static let magic = Array("toteBPF1".utf8)

  /// The program for `fingerprint`; nil where there is none, or a file that is damaged or that others may write.
  func program(_ fingerprint: [UInt8]) -> [UInt8]? {
    guard let file = try? openFile(path(fingerprint), [.readOnly, .noFollow, .nonBlocking]),
      let status = try? file.status(), status.kind == .regular, status.permissions & 0o022 == 0,
      status.userID == effectiveUserID, let content = try? file.readAll(limit: 64 << 10),
      content.starts(with: Self.magic), content.count > Self.magic.count + 32
    else { return nil }
    let program = Array(content[(Self.magic.count + 32)...])
    let digest = content[Self.magic.count..<Self.magic.count + 32]
    return program.count % 8 == 0 && SHA256.digest(of: program).elementsEqual(digest) ? program : nil
  }

  /// Keeps a program. Nothing depends on it: a cache that cannot be written only costs time.
  func keep(_ program: [UInt8], for fingerprint: [UInt8]) {
    try? makeDirectories(directory, mode: 0o700)
    try? replaceFile(path(fingerprint), with: Self.magic + SHA256.digest(of: program) + program, mode: 0o600, durable: false)
  }

  private func path(_ fingerprint: [UInt8]) -> FilePath {
    let digits = Array("0123456789abcdef")
    let name = String(SHA256.digest(of: fingerprint).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    return directory.appending(name)
  }
}
