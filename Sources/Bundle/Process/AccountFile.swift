/// A line of passwd(5).
struct PasswordEntry: Hashable {
  let name: String
  let userID: UInt32
  let groupID: UInt32
  let home: String
}

/// A line of group(5).
struct GroupEntry: Hashable {
  let name: String
  let groupID: UInt32
  let members: [String]
}

/// Reads passwd(5) and group(5) as an image has them: whoever made the image wrote them, so a line that does not fit is skipped, as libc
/// does, and never trusted further than its own fields.
enum AccountFile {
  static func passwords(_ content: [UInt8]) -> [PasswordEntry] {
    lines(content).compactMap { fields in
      guard fields.count >= 4, let user = identifier(fields[2]), let group = identifier(fields[3]) else { return nil }
      return PasswordEntry(name: fields[0], userID: user, groupID: group, home: fields.count > 5 ? fields[5] : "")
    }
  }

  static func groups(_ content: [UInt8]) -> [GroupEntry] {
    lines(content).compactMap { fields in
      guard fields.count >= 3, let group = identifier(fields[2]) else { return nil }
      let members = fields.count > 3 ? fields[3].split(separator: ",").map { $0.trimmed() } : []
      return GroupEntry(name: fields[0], groupID: group, members: members)
    }
  }

  /// The colon-separated fields of each line with a name. Bytes that are not UTF-8 are replaced, so they never match a name.
  private static func lines(_ content: [UInt8]) -> [[String]] {
    content.split(separator: 10).compactMap { bytes in
      let line = String(decoding: bytes, as: UTF8.self).trimmed()
      let fields = line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      return line.hasPrefix("#") || fields[0].isEmpty ? nil : fields
    }
  }

  /// A user or group id: decimal digits alone, at most 2^31-1 as docker has it (CVE-2026-30892 was a lenient parser).
  static func identifier(_ text: String) -> UInt32? {
    guard !text.isEmpty, text.utf8.allSatisfy(isDigit), let value = UInt32(text), value <= UInt32(Int32.max) else { return nil }
    return value
  }
}
