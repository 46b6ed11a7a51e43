/// A version of the runtime specification (config.md#specification-version): a Semantic Version 2.0.0. Every 1.x is understood, as
/// properties of a later one may be ignored.
package struct OCIVersion: Hashable, Sendable, CustomStringConvertible {
  /// What we write.
  package static let current = OCIVersion(text: "1.3.0")
  /// The oldest that we understand.
  package static let minimum = OCIVersion(text: "1.0.0")

  private let text: String

  private init(text: String) { self.text = text }

  /// - Throws: `OCIVersion.Unsupported` for what is no Semantic Version of the form `1.x.y`.
  package init(_ text: String) throws(Unsupported) {
    guard Self.isSupported(text) else { throw Unsupported(text: text) }
    self.init(text: text)
  }

  package var description: String { text }

  package struct Unsupported: Error, Hashable, CustomStringConvertible {
    package let text: String

    package var description: String { "'\(text)' is not a version of the runtime specification that is understood (1.x.y)" }
  }

  private static func isSupported(_ text: String) -> Bool {
    let (release, build) = split(text, at: "+")
    let (core, prerelease) = split(release, at: "-")
    let numbers = core.split(separator: ".", omittingEmptySubsequences: false)
    guard numbers.count == 3, numbers.allSatisfy(isNumber), numbers[0] == "1" else { return false }
    return [prerelease, build].allSatisfy { suffix in
      suffix?.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isIdentifier) ?? true
    }
  }

  private static func split(_ text: some StringProtocol, at separator: Character) -> (Substring, Substring?) {
    let parts = text.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false).map { Substring($0) }
    return (parts[0], parts.count > 1 ? parts[1] : nil)
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      && (text == "0" || text.utf8.first != UInt8(ascii: "0"))
  }

  private static func isIdentifier(_ text: Substring) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      }
  }
}

extension OCIVersion: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do throws(Unsupported) {
      try self.init(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
