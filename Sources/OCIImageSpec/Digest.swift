/// A content identifier `algorithm:encoded` (image-spec descriptor.md#digests) of an algorithm that the specification registers.
package struct Digest: Hashable, Sendable, CustomStringConvertible {
  /// descriptor.md#registered-algorithms
  package enum Algorithm: String, Sendable, CaseIterable {
    case sha256, sha512

    /// Bytes of a digest.
    package var byteCount: Int { self == .sha256 ? 32 : 64 }
  }

  package let algorithm: Algorithm
  /// The hash in lower-case hexadecimal digits; always of the algorithm's length.
  package let encoded: String

  /// `bytes` must be of the algorithm's length.
  package init(_ algorithm: Algorithm, bytes: [UInt8]) {
    precondition(bytes.count == algorithm.byteCount)
    let digits = Array("0123456789abcdef".utf8)
    self.algorithm = algorithm
    encoded = String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Nil unless `text` is a registered algorithm, a colon and exactly its number of lower-case hexadecimal digits.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      let algorithm = Algorithm(rawValue: String(decoding: bytes[..<colon], as: UTF8.self))
    else { return nil }
    let encoded = bytes[(colon + 1)...]
    guard encoded.count == 2 * algorithm.byteCount,
      encoded.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { return nil }
    self.algorithm = algorithm
    self.encoded = String(decoding: encoded, as: UTF8.self)
  }

  package var description: String { "\(algorithm.rawValue):\(encoded)" }
}

extension Digest: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let digest = Digest(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not a sha256 or sha512 digest")
    }
    self = digest
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
