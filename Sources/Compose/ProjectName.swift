/// A project's name: `-p`, then COMPOSE_PROJECT_NAME, then `name:`, then the directory's.
enum ProjectName {
  /// Names given by people are checked, a directory's is made to fit (compose-spec, "Name top-level element").
  static func choose(given: String?, root: Node, directory: String) throws(ComposeError) -> String {
    if let given, !given.isEmpty { return try checked(given, at: nil) }
    if let name = root["name"], let text = name.string, !text.isEmpty { return try checked(text, at: name.position) }
    let fitted = normalized(directory)
    if fitted.isEmpty { throw ComposeError("project name must not be empty: name it with -p, COMPOSE_PROJECT_NAME or 'name:'") }
    return fitted
  }

  /// Lower case, without what a name may not have and without `_` and `-` at the start.
  static func normalized(_ name: String) -> String {
    let kept = name.lowercased().utf8.filter { isLetterOrDigit($0) || isMark($0) }
    return String(decoding: kept.drop(while: isMark), as: UTF8.self)
  }

  private static func checked(_ name: String, at position: SourcePosition?) throws(ComposeError) -> String {
    if normalized(name).utf8.elementsEqual(name.utf8) { return name }
    throw ComposeError(
      "invalid project name '\(name)': it must consist of lower-case letters, digits, '-' and '_' and start with a letter or a digit",
      at: position)
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) }
  private static func isMark(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") }
}
