internal import JSON
internal import Linux
package import OCIImageSpec
package import SystemPackage
internal import TOML

/// containers' registries.conf, version 2 (containers-registries.conf(5)): where repositories really are, their mirrors, what is blocked and
/// what may be spoken to without TLS. Short names are not its matter here: they are docker.io's.
package struct RegistriesFile: Sendable {
  /// `[[registry]]`.
  struct Entry: Sendable {
    var prefix: String
    var place: Place
    var isBlocked = false
    /// Tried in this order before the place itself.
    var mirrors: [Place] = []
    /// Where it was read, for messages.
    var file: FilePath
  }

  /// A registry, perhaps with the beginning of a repository's path.
  struct Place: Sendable {
    enum Use: Sendable { case always, byDigest, byTag }

    /// Empty: what the reference says.
    var location: String
    var isInsecure = false
    var use = Use.always
  }

  /// Where a repository may be had.
  package struct Source: Hashable, Sendable {
    package let host: RegistryHost
    package let path: String
    package let isInsecure: Bool
  }

  private var entries: [Entry] = []

  /// Nothing is rewritten.
  package init() {}

  /// Reads `files`; of two entries with one prefix the later counts. Files that are not there say nothing.
  package init(_ files: [FilePath]) throws(RegistryError) {
    for file in files {
      let bytes: [UInt8]
      do { bytes = try readFile(file, limit: 4 << 20) } catch {
        if error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory { continue }
        throw RegistryError(.refused, "\(error)")
      }
      try read(bytes, file)
    }
  }

  /// `$CONTAINERS_REGISTRIES_CONF` alone where that is set; else the user's file, or the system's, and after it what is in the
  /// directories registries.conf.d.
  package static var defaultFiles: [FilePath] {
    if let file = Environment["CONTAINERS_REGISTRIES_CONF"] { return [FilePath(file)] }
    let user = FilePath(Environment["XDG_CONFIG_HOME"] ?? (Environment["HOME"] ?? "/root") + "/.config").appending("containers")
    let system: FilePath = "/etc/containers"
    let isUsers = (try? fileStatus(user.appending("registries.conf"))) != nil
    let directories = [system, user].map { $0.appending("registries.conf.d") }
    let dropIns = directories.flatMap { directory in
      let names = (try? openFile(directory, [.readOnly, .directory]).entries().map(\.name.string)) ?? []
      return names.filter { $0.hasSuffix(".conf") }.sorted().map { directory.appending($0) }
    }
    return [(isUsers ? user : system).appending("registries.conf")] + dropIns
  }

  // MARK: Looking up

  /// Where to pull from: the mirrors that apply, then the place itself.
  package func sources(_ reference: Reference) throws(RegistryError) -> [Source] {
    guard let entry = try entry(for: reference) else { return [Source(reference)] }
    let mirrors = entry.mirrors.filter { mirror in
      switch mirror.use {
      case .always: true
      case .byDigest: reference.digest != nil
      case .byTag: reference.digest == nil
      }
    }
    return try (mirrors + [entry.place]).map { (place) throws(RegistryError) in try source(reference, place, entry) }
  }

  /// Where to push to, and to ask for anything else than an image.
  package func destination(_ reference: Reference) throws(RegistryError) -> Source {
    guard let entry = try entry(for: reference) else { return Source(reference) }
    return try source(reference, entry.place, entry)
  }

  private func entry(for reference: Reference) throws(RegistryError) -> Entry? {
    let fitting = entries.filter { Self.matched($0.prefix, reference) != nil }
    guard let entry = fitting.max(by: { $0.prefix.utf8.count < $1.prefix.utf8.count }) else { return nil }
    if entry.isBlocked {
      throw RegistryError(.refused, "\(reference.familiarDescription): registry '\(entry.prefix)' is blocked in '\(entry.file)'")
    }
    return entry
  }

  /// How much of the name the prefix stands for; nil where it is none. `*.example.com` is every host below.
  private static func matched(_ prefix: String, _ reference: Reference) -> Int? {
    if prefix.hasPrefix("*.") {
      let host = RegistryHost.hostname(of: reference.domain)
      return host.hasSuffix(prefix.dropFirst()) ? reference.domain.utf8.count : nil
    }
    // A prefix may be a single image: with its tag or digest.
    let name = reference.description.utf8
    guard name.starts(with: prefix.utf8) else { return nil }
    let next = name.dropFirst(prefix.utf8.count).first
    return next == nil || "/:@".utf8.contains(next ?? 0) ? min(prefix.utf8.count, reference.name.utf8.count) : nil
  }

  private func source(_ reference: Reference, _ place: Place, _ entry: Entry) throws(RegistryError) -> Source {
    guard let length = Self.matched(entry.prefix, reference) else { return Source(reference) }
    let rest = String(decoding: reference.name.utf8.dropFirst(length), as: UTF8.self)
    let name = place.location.isEmpty ? reference.name : place.location + rest
    guard let slash = name.firstIndex(of: "/"), let found = try? Reference(name), found.name == name else {
      throw RegistryError(
        .refused, "'\(entry.file)': location '\(place.location)' makes '\(name)' of '\(reference.name)', which is no repository")
    }
    return Source(host: RegistryHost(String(name[..<slash])), path: found.path, isInsecure: place.isInsecure)
  }

  // MARK: Reading

  private mutating func read(_ bytes: [UInt8], _ file: FilePath) throws(RegistryError) {
    let document: JSONObject
    do { document = try parseTOML(bytes) } catch { throw RegistryError(.refused, "'\(file)': \(error)") }
    if document["registries"] != nil {
      throw RegistryError(.refused, "'\(file)': [registries] is the form before version 2, which is not supported")
    }
    for registry in document["registry"]?.arrayValue ?? [] {
      let entry = try entry(registry, file)
      entries.removeAll { $0.prefix == entry.prefix }
      entries.append(entry)
    }
  }

  private func entry(_ registry: JSONValue, _ file: FilePath) throws(RegistryError) -> Entry {
    let location = try text(registry, "location", file)
    let prefix = try text(registry, "prefix", file) ?? location ?? ""
    guard !prefix.isEmpty else { throw RegistryError(.refused, "'\(file)': a [[registry]] has neither prefix nor location") }
    let isWild = prefix.hasPrefix("*.")
    var entry = Entry(prefix: prefix, place: Place(location: location ?? (isWild ? "" : prefix)), file: file)
    entry.place.isInsecure = try flag(registry, "insecure", file)
    entry.isBlocked = try flag(registry, "blocked", file)
    let byDigestOnly = try flag(registry, "mirror-by-digest-only", file)
    for mirror in registry["mirror"]?.arrayValue ?? [] {
      guard let location = try text(mirror, "location", file), !location.isEmpty else {
        throw RegistryError(.refused, "'\(file)': a mirror of '\(prefix)' has no location")
      }
      var place = Place(location: location, isInsecure: try flag(mirror, "insecure", file), use: byDigestOnly ? .byDigest : .always)
      switch try text(mirror, "pull-from-mirror", file) {
      case nil, "all"?: break
      case "digest-only"?: place.use = .byDigest
      case "tag-only"?: place.use = .byTag
      case let other?: throw RegistryError(.refused, "'\(file)': pull-from-mirror = '\(other)' is none of all, digest-only, tag-only")
      }
      entry.mirrors.append(place)
    }
    return entry
  }

  private func text(_ value: JSONValue, _ key: String, _ file: FilePath) throws(RegistryError) -> String? {
    guard let value = value[key] else { return nil }
    guard var text = value.stringValue else { throw RegistryError(.refused, "'\(file)': \(key) is not a string") }
    if ["location", "prefix"].contains(key) {
      while text.hasSuffix("/") { text.removeLast() }
      if text.contains("://") { throw RegistryError(.refused, "'\(file)': \(key) = '\(text)' has a scheme, which is not part of it") }
    }
    return text
  }

  private func flag(_ value: JSONValue, _ key: String, _ file: FilePath) throws(RegistryError) -> Bool {
    guard let value = value[key] else { return false }
    guard let flag = value.boolValue else { throw RegistryError(.refused, "'\(file)': \(key) is neither true nor false") }
    return flag
  }
}

extension RegistriesFile.Source {
  init(_ reference: Reference) {
    self.init(host: RegistryHost(reference.domain), path: reference.path, isInsecure: false)
  }
}
