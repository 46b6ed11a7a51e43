/// One `RUN --mount` with its variables expanded and its values checked, when the step is about to run.
package struct ResolvedMount: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable { case bind, cache, tmpfs, secret, ssh }
  package enum Sharing: String, CaseIterable, Sendable { case shared, `private`, locked }

  package var kind = Kind.bind
  /// A stage, a named context or an image.
  package var from: String?
  package var source: String?
  package var target: String?
  package var isReadOnly = false
  /// A tmpfs's limit in bytes.
  package var size: Int64?
  /// The cache's, secret's or agent's name.
  package var id: String?
  package var sharing: Sharing?
  /// Whether a missing secret or agent is an error.
  package var isRequired = false
  /// The environment variable that shows a secret; "" stands for the secret's own name.
  package var env: String?
  package var mode: UInt32?
  package var uid: UInt32?
  package var gid: UInt32?
}

extension Mount {
  package static let keys = [
    "type", "from", "source", "target", "readonly", "readwrite", "id", "sharing", "required", "size", "mode", "uid", "gid", "env",
  ]

  /// Expands and checks; errors have no range, the caller knows the step.
  package func resolved(
    expanding expand: (String) throws(WordExpansionError) -> String
  ) throws(DockerfileError) -> ResolvedMount {
    var mount = ResolvedMount()
    var isReadOnlyGiven = false
    for option in options {
      guard Self.keys.contains(option.key) else {
        throw DockerfileError("unknown option '\(option.key)' of --mount", suggestion: suggest(option.key, among: Self.keys))
      }
      var value: String?
      do throws(WordExpansionError) { if let raw = option.value { value = try expand(raw) } } catch { throw DockerfileError(error.message) }
      switch option.key {
      case "readonly":
        mount.isReadOnly = try Self.flag(option.key, value)
        isReadOnlyGiven = true
      case "readwrite":
        mount.isReadOnly = try !Self.flag(option.key, value)
        isReadOnlyGiven = true
      case "required":
        guard mount.kind == .secret || mount.kind == .ssh else { throw Self.misplaced(option.key, mount.kind) }
        mount.isRequired = try Self.flag(option.key, value)
      default:
        guard let value else { throw DockerfileError("option '\(option.key)' of --mount needs a value: \(option.key)=VALUE") }
        try mount.set(option.key, value)
      }
    }
    if !isReadOnlyGiven { mount.isReadOnly = mount.kind != .cache && mount.kind != .tmpfs }
    try mount.check()
    return mount
  }

  private static func flag(_ key: String, _ value: String?) throws(DockerfileError) -> Bool {
    guard let value else { return true }
    guard let flag = goBool(value) else { throw DockerfileError("'\(key)' of --mount is '\(value)', expected true or false") }
    return flag
  }

  static func misplaced(_ key: String, _ kind: ResolvedMount.Kind) -> DockerfileError {
    DockerfileError("a mount of type \(kind.rawValue) takes no '\(key)'")
  }
}

extension ResolvedMount {
  fileprivate mutating func set(_ key: String, _ value: String) throws(DockerfileError) {
    switch key {
    case "type": kind = try Self.choice(key, value)
    case "sharing": sharing = try Self.choice(key, value)
    case "from": from = value
    case "source": source = value
    case "target": target = value
    case "id": id = value
    case "env": env = value
    case "size":
      guard kind == .tmpfs else { throw Mount.misplaced(key, kind) }
      guard let bytes = byteCount(value) else { throw DockerfileError("'size' of --mount is '\(value)', expected a size such as 64m") }
      size = bytes
    case "mode": mode = try Self.number(key, value, radix: 8)
    case "uid": uid = try Self.number(key, value, radix: 10)
    default: gid = try Self.number(key, value, radix: 10)
    }
  }

  private static func choice<T: RawRepresentable<String> & CaseIterable>(_ key: String, _ value: String) throws(DockerfileError) -> T {
    if let choice = T(rawValue: value.lowercased()) { return choice }
    let known = T.allCases.map(\.rawValue)
    throw DockerfileError(
      "'\(key)' of --mount is '\(value)', expected \(known.joined(separator: ", "))", suggestion: suggest(value, among: known))
  }

  private static func number(_ key: String, _ value: String, radix: Int) throws(DockerfileError) -> UInt32 {
    guard let number = UInt32(value, radix: radix), value.utf8.first != UInt8(ascii: "+") else {
      throw DockerfileError("'\(key)' of --mount is '\(value)', expected \(radix == 8 ? "an octal" : "a") number")
    }
    return number
  }

  /// What fits together.
  fileprivate func check() throws(DockerfileError) {
    if kind == .bind || kind == .tmpfs {
      for (key, isGiven) in [("mode", mode != nil), ("uid", uid != nil), ("gid", gid != nil)] where isGiven {
        throw Mount.misplaced(key, kind)
      }
    }
    if kind == .secret {
      if from ?? "" != "" { throw Mount.misplaced("from", kind) }
      if source ?? "" == "", target ?? "" == "", id ?? "" == "" {
        throw DockerfileError("a secret mount needs an id, a source or a target")
      }
      if source ?? "" != "", id ?? "" != "" { throw DockerfileError("a secret mount takes either 'source' or 'id'") }
    }
    if sharing != nil, kind != .cache { throw Mount.misplaced("sharing", kind) }
  }
}

/// A size with a binary unit, as docker reads it: `512`, `64k`, `1.5GiB`; nil where it is none.
package func byteCount(_ text: String) -> Int64? {
  let lower = text.lowercased()
  let digits = lower.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
  guard let number = Double(digits), number.isFinite else { return nil }
  var unit = lower.dropFirst(digits.count).drop { $0 == " " }
  var scale = 1.0
  if let letter = unit.first, let power = ["k", "m", "g", "t", "p"].firstIndex(of: letter) {
    for _ in 0...power { scale *= 1024 }
    unit.removeFirst()
    if unit == "ib" { unit = "" }
  }
  guard unit.isEmpty || unit == "b" else { return nil }
  return Int64(exactly: (number * scale).rounded(.towardZero))
}
