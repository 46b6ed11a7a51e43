import CommandSupport
import ImageStore
import Linux
import OCIImageSpec

/// docker's `--filter` for images.
struct ImageFilter {
  private var references: [String] = []
  private var dangling: Bool?
  private var labels: [(name: String, value: String?, wanted: Bool)] = []
  private var before: Timestamp?
  private var since: Timestamp?
  private var until: Timestamp?

  struct Invalid: Error, CustomStringConvertible { let description: String }

  /// Reads `key=value` texts; several references are alternatives, all else must hold together.
  init(_ texts: [String], reference: String? = nil, _ store: ImageStore) throws {
    if let reference { references.append(reference) }
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else {
        throw Invalid(description: "invalid argument '\(text)' for --filter: bad format of filter (expected name=value)")
      }
      switch parts[0] {
      case "reference": references.append(parts[1])
      case "dangling":
        guard let value = Self.truth(parts[1]) else { throw Invalid(description: "invalid filter 'dangling=\(parts[1])'") }
        dangling = value
      case "label", "label!":
        let label = parts[1].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        labels.append((label[0], label.count > 1 ? label[1] : nil, parts[0] == "label"))
      case "before": before = try Self.created(parts[1], store)
      case "since": since = try Self.created(parts[1], store)
      case "until": until = try Self.moment(parts[1])
      default: throw Invalid(description: "invalid filter '\(parts[0])'")
      }
    }
  }

  private static func truth(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "1", "t": true
    case "false", "0", "f": false
    default: nil
    }
  }

  private static func created(_ typed: String, _ store: ImageStore) throws -> Timestamp {
    moment(of: try store.resolve(typed).image)
  }

  static func moment(of image: StoredImage) -> Timestamp {
    image.created.flatMap { Timestamp(rfc3339: $0) } ?? Timestamp(seconds: 0)
  }

  /// A time, seconds since 1970, or how long ago (`24h`, `1h30m`).
  private static func moment(_ text: String) throws -> Timestamp {
    if let time = Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + "T00:00:00Z") ?? Timestamp(rfc3339: text + "Z") { return time }
    if let seconds = Int64(text) { return Timestamp(seconds: seconds) }
    var total = 0.0
    var number = ""
    for character in text {
      if character.isNumber || character == "." {
        number.append(character)
      } else if let value = Double(number), let unit = ["s": 1.0, "m": 60, "h": 3600][character] {
        total += value * unit
        number = ""
      } else {
        throw Invalid(description: "invalid filter 'until=\(text)'")
      }
    }
    guard number.isEmpty, !text.isEmpty, total < 1e12 else { throw Invalid(description: "invalid filter 'until=\(text)'") }
    return Timestamp(seconds: Timestamp.now.seconds - Int64(total))
  }

  /// Whether the image is one of those asked for, whatever its names.
  func accepts(_ image: StoredImage) -> Bool {
    let created = Self.moment(of: image)
    if let dangling, image.isDangling != dangling { return false }
    if let before, created >= before { return false }
    if let since, created <= since { return false }
    if let until, created >= until { return false }
    let own = image.configuration.config?.labels ?? [:]
    return labels.allSatisfy { label in
      let matches = own[label.name].map { label.value == nil || $0 == label.value } ?? false
      return matches == label.wanted
    }
  }

  /// Whether a name of the image is one of those asked for.
  func accepts(_ name: Reference?) -> Bool {
    if references.isEmpty { return true }
    guard let name else { return false }
    return references.contains { pattern in
      [name.familiarName, name.familiarDescription, name.name, name.description].contains { matchesGlob(pattern, $0) }
    }
  }
}

/// Go's path.Match: `*` and `?` stop at a slash, `[a-z]` is a set, `\` takes the next character as it is.
func matchesGlob(_ pattern: String, _ text: String) -> Bool { matches(Array(pattern.unicodeScalars)[...], Array(text.unicodeScalars)[...]) }

private func matches(_ pattern: ArraySlice<Unicode.Scalar>, _ text: ArraySlice<Unicode.Scalar>) -> Bool {
  guard let first = pattern.first else { return text.isEmpty }
  let rest = pattern.dropFirst()
  switch first {
  case "*":
    if matches(rest, text) { return true }
    guard let next = text.first, next != "/" else { return false }
    return matches(pattern, text.dropFirst())
  case "?":
    guard let next = text.first, next != "/" else { return false }
    return matches(rest, text.dropFirst())
  case "[":
    guard let next = text.first, let end = rest.dropFirst().firstIndex(of: "]") else { return false }
    var set = rest[rest.startIndex..<end]
    let negated = set.first == "^"
    if negated { set = set.dropFirst() }
    var found = false
    while let low = set.popFirst() {
      if set.first == "-", let high = set.dropFirst().first {
        found = found || (low.value...max(low.value, high.value)).contains(next.value)
        set = set.dropFirst(2)
      } else {
        found = found || low == next
      }
    }
    return found != negated && matches(pattern[(end + 1)...], text.dropFirst())
  case "\\":
    guard let literal = rest.first, text.first == literal else { return false }
    return matches(rest.dropFirst(), text.dropFirst())
  default: return text.first == first && matches(rest, text.dropFirst())
  }
}
