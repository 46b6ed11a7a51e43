internal import Linux
package import SystemPackage

/// Where a build context comes from, as docker build's operand and `--build-context` name it.
package enum ContextSource: Hashable, Sendable {
  case directory(FilePath)
  /// A tar archive, or a Dockerfile and nothing else.
  case standardInput
  /// A tar archive, or a Dockerfile and nothing else, by HTTP.
  case url(String)
  case git(GitReference)
  /// `docker-image://NAME`: only as a named context.
  case image(String)
  /// `oci-layout://DIRECTORY[:TAG|@DIGEST]`: only as a named context.
  case layout(FilePath, name: String?)

  package init(_ text: String) throws(BuildError) {
    if text == "-" {
      self = .standardInput
    } else if let name = Self.rest(of: text, after: "docker-image://") {
      self = .image(name)
    } else if let place = Self.rest(of: text, after: "oci-layout://") {
      self = Self.layout(place)
    } else if (try? fileStatus(FilePath(text)))?.kind == .directory {
      self = .directory(FilePath(text))
    } else if let reference = try GitReference(text) {
      self = .git(reference)
    } else if text.hasPrefix("http://") || text.hasPrefix("https://") {
      self = .url(text)
    } else if let scheme = text.firstRange(of: "://") {
      throw BuildError(
        "'\(text)': unknown scheme '\(text[..<scheme.lowerBound])', expected docker-image, oci-layout, git, ssh, http or https")
    } else {
      self = .directory(FilePath(text))
    }
  }

  /// It is a root file system with a configuration, not a directory of files.
  var isImage: Bool {
    switch self {
    case .image, .layout: true
    case .directory, .standardInput, .url, .git: false
    }
  }

  private static func rest(of text: String, after prefix: String) -> String? {
    text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
  }

  /// A colon after the last `/` begins a tag, an `@` a digest.
  private static func layout(_ place: String) -> Self {
    let name = place.lastIndex(of: "/").map { place.index(after: $0) } ?? place.startIndex
    guard let mark = place[name...].firstIndex(where: { $0 == "@" || $0 == ":" }) else { return .layout(FilePath(place), name: nil) }
    return .layout(FilePath(String(place[..<mark])), name: String(place[place.index(after: mark)...]))
  }
}
