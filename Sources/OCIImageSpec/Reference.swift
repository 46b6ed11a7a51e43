/// The name of an image in a registry, always in full: domain, path, and perhaps a tag and a digest.
///
/// The grammar and the completion of short names (`busybox` is `docker.io/library/busybox`) are those of the distribution project's
/// reference package, which Docker, containerd and Podman share. Stricter in one thing: a registry that is no domain name (`foo_bar.com/x`) is refused.
package struct Reference: Hashable, Sendable {
  package static let defaultDomain = "docker.io"
  package static let defaultTag = "latest"
  private static let legacyDefaultDomain = "index.docker.io"
  private static let officialPrefix = "library/"

  /// Host and perhaps port of the registry: `docker.io`, `localhost:5000`, `[::1]:5000`.
  package let domain: String
  /// The repository within the registry: `library/busybox`.
  package let path: String
  package let tag: String?
  package let digest: Digest?

  private init(domain: String, path: String, tag: String?, digest: Digest?) {
    self.domain = domain
    self.path = path
    self.tag = tag
    self.digest = digest
  }

  /// Reads what a person types: `busybox`, `me/app:1`, `localhost:5000/app@sha256:…`.
  package init(_ text: String) throws(ReferenceError) {
    guard !text.isEmpty else { throw ReferenceError(text, .noName) }
    guard !ReferenceGrammar.isIdentifier(text) else { throw ReferenceError(text, .identifier) }
    let (domain, remainder) = Self.splitDomain(text)
    let beforeTag = remainder.prefix { $0 != ":" }
    guard beforeTag.lowercased() == beforeTag else { throw ReferenceError(text, .uppercase(String(beforeTag))) }
    let (name, digestText) = remainder.split(atFirst: "@")
    let (path, tag) = name.split(atFirst: ":")
    guard ReferenceGrammar.isDomain(domain), ReferenceGrammar.isPath(path), tag.map(ReferenceGrammar.isTag) ?? true else {
      throw ReferenceError(text, .grammar)
    }
    guard path.utf8.count <= ReferenceGrammar.pathLimit else { throw ReferenceError(text, .tooLong) }
    var digest: Digest?
    if let digestText {
      guard let parsed = Digest(digestText) else { throw ReferenceError(text, .digest(digestText)) }
      digest = parsed
    }
    self.init(domain: domain, path: path, tag: tag, digest: digest)
  }

  /// The first component is a registry where it has a dot, a colon or an upper-case letter, or is `localhost`.
  private static func splitDomain(_ text: String) -> (domain: String, remainder: String) {
    let (first, rest) = text.split(atFirst: "/")
    guard let rest else { return (defaultDomain, officialPrefix + text) }
    let isRegistry = first == "localhost" || first.contains { $0 == "." || $0 == ":" } || first.lowercased() != first
    let domain = isRegistry && first != legacyDefaultDomain ? first : defaultDomain
    let remainder = isRegistry ? rest : text
    return (domain, domain == defaultDomain && !remainder.contains("/") ? officialPrefix + remainder : remainder)
  }
}

extension Reference {
  /// Domain and path: what a repository is called everywhere.
  package var name: String { domain + "/" + path }

  /// The name as Docker shows it: without `docker.io/` and `docker.io/library/`.
  package var familiarName: String {
    guard domain == Self.defaultDomain else { return name }
    let rest = path.dropFirst(Self.officialPrefix.count)
    return path.hasPrefix(Self.officialPrefix) && !rest.isEmpty && !rest.contains("/") ? String(rest) : path
  }

  /// `familiarName` with tag and digest.
  package var familiarDescription: String { familiarName + suffix }

  private var suffix: String { (tag.map { ":" + $0 } ?? "") + (digest.map { "@\($0)" } ?? "") }

  /// Whether there is neither tag nor digest.
  package var isNameOnly: Bool { tag == nil && digest == nil }

  /// With the tag `latest` where there is neither tag nor digest.
  package var withDefaultTag: Reference {
    isNameOnly ? Reference(domain: domain, path: path, tag: Self.defaultTag, digest: nil) : self
  }

  package var withoutTagAndDigest: Reference { Reference(domain: domain, path: path, tag: nil, digest: nil) }

  /// With this tag instead of any other, and no digest.
  package func withTag(_ tag: String) throws(ReferenceError) -> Reference {
    guard ReferenceGrammar.isTag(tag) else { throw ReferenceError(tag, .tag) }
    return Reference(domain: domain, path: path, tag: tag, digest: nil)
  }

  /// With this digest instead of any other; a tag stays.
  package func withDigest(_ digest: Digest) -> Reference {
    Reference(domain: domain, path: path, tag: tag, digest: digest)
  }
}

extension Reference: CustomStringConvertible {
  /// In full: `docker.io/library/busybox:1`.
  package var description: String { name + suffix }
}

extension Reference: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do throws(ReferenceError) {
      try self.init(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension String {
  /// What is before and after the first `separator`; nothing after where there is none.
  fileprivate func split(atFirst separator: Character) -> (String, String?) {
    guard let position = firstIndex(of: separator) else { return (self, nil) }
    return (String(self[..<position]), String(self[index(after: position)...]))
  }
}
