extension MountRequest {
  /// `--mount type=TYPE,source=…,target=…,…`, comma-separated values with docker's keys.
  package init(mount text: String, workingDirectory: String) throws(InvalidValue) {
    let text = text.trimmed()
    if text.isEmpty { throw InvalidValue("value is empty") }
    self.init(.volume, target: "")
    var type = "volume"
    var families: Set<String> = []
    for field in try commaSeparatedFields(text) {
      let (key, value) = try MountRequest.keyAndValue(field)
      if let family = ["bind", "volume", "tmpfs", "image", "cluster"].first(where: { key.hasPrefix($0 + "-") }) {
        families.insert(family)
      }
      if key == "type" { type = (value ?? "").lowercased() } else { try set(key, value, field, workingDirectory) }
    }
    guard let kind = Kind(rawValue: type) else {
      if ["image", "npipe", "cluster"].contains(type) { throw InvalidValue("mount type '\(type)' is not supported") }
      throw InvalidValue("mount type unknown: '\(type)'")
    }
    self.kind = kind
    for family in families.sorted() where family != type {
      throw InvalidValue("cannot mix '\(family)-*' options with mount type '\(type)'")
    }
    try check()
  }

  private static func keyAndValue(_ field: String) throws(InvalidValue) -> (String, String?) {
    guard let (key, value) = field.cut(at: "=") else {
      let word = field.lowercased()
      guard ["readonly", "ro", "volume-nocopy", "bind-nonrecursive", "bind-create-src"].contains(word) else {
        throw InvalidValue("invalid field '\(field)' must be a key=value pair")
      }
      return (word, nil)
    }
    if key.trimmed() != key {
      throw InvalidValue("invalid option '\(key.trimmed())' in '\(field)': option should not have whitespace")
    }
    if value.trimmed().isEmpty { throw InvalidValue("invalid value for '\(key)': value is empty") }
    if value.trimmed() != value { throw InvalidValue("invalid value for '\(key)' in '\(field)': value should not have whitespace") }
    return (key.lowercased(), value)
  }

  private mutating func set(
    _ key: String, _ value: String?, _ field: String, _ workingDirectory: String
  ) throws(InvalidValue) {
    let text = value ?? ""
    switch key {
    case "source", "src":
      source = text.hasPrefix(".") ? cleanPath(workingDirectory + "/" + text) : text
    case "target", "dst", "destination": target = text
    case "readonly", "ro": readOnly = try boolean(key, value)
    case "consistency": break
    case "bind-propagation":
      guard propagationModes.contains(text.lowercased()) else { throw InvalidValue("invalid propagation mode: \(text)") }
      propagation = text.lowercased()
    case "bind-nonrecursive": throw InvalidValue("bind-nonrecursive is deprecated, use bind-recursive=disabled instead")
    case "bind-recursive": try setRecursion(text)
    case "bind-create-src": createsSource = try boolean(key, value)
    case "volume-nocopy": noCopy = try boolean(key, value)
    case "volume-subpath": volumeSubpath = text
    case "volume-label":
      let parts = text.cut(at: "=")
      volumeLabels[parts?.before ?? text] = parts?.after ?? ""
    case "volume-driver":
      if text != "local" { throw InvalidValue("volume driver '\(text)' is not supported, only 'local'") }
    case "volume-opt": throw InvalidValue("volume-opt is not supported")
    case "tmpfs-size":
      guard let size = try? byteSize(text) else { throw InvalidValue("invalid value for tmpfs-size: \(text)") }
      tmpfsOptions.append("size=\(size)")
    case "tmpfs-mode":
      guard let mode = UInt32(text, radix: 8) else { throw InvalidValue("invalid value for tmpfs-mode: \(text)") }
      tmpfsOptions.append("mode=\(String(mode, radix: 8))")
    default: throw InvalidValue("unknown option '\(key)' in '\(field)'")
    }
  }

  private mutating func setRecursion(_ text: String) throws(InvalidValue) {
    switch text {
    case "enabled": break
    case "disabled": nonRecursive = true
    case "writable": readOnlyReach = .topOnly
    case "readonly": readOnlyReach = .recursive
    default:
      throw InvalidValue(
        "invalid value for bind-recursive: \(text) (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")")
    }
  }

  private mutating func check() throws(InvalidValue) {
    do {
      try checkTarget(target) { .refused("invalid mount config for type \(goQuoted(kind.rawValue)): \($0)") }
    } catch { throw InvalidValue(error.description) }
    target = cleanPath(target)
    let prefix = "invalid mount config for type \(goQuoted(kind.rawValue)): "
    switch kind {
    case .bind:
      if source.isEmpty { throw InvalidValue(prefix + "field Source must not be empty") }
      guard source.hasPrefix("/") else {
        throw InvalidValue(prefix + "invalid mount path: '\(source)' mount path must be absolute")
      }
      source = cleanPath(source)
    case .volume:
      if source.isEmpty, !volumeSubpath.isEmpty { throw InvalidValue(prefix + "must not set Subpath when using anonymous volumes") }
      if volumeSubpath.hasPrefix("/") || volumeSubpath.split(separator: "/").contains("..") {
        throw InvalidValue(prefix + "subpath must be a relative path within the volume")
      }
      if !source.isEmpty { do { try checkVolumeName(source) } catch { throw InvalidValue(error.description) } }
    case .tmpfs:
      if !source.isEmpty { throw InvalidValue(prefix + "field Source must not be specified") }
      if readOnly { tmpfsOptions.append("ro") }
    }
  }
}

private func boolean(_ key: String, _ value: String?) throws(InvalidValue) -> Bool {
  switch value {
  case nil, "1", "true": return true
  case "0", "false": return false
  case .some(let text):
    throw InvalidValue(
      "invalid value for '\(key)': invalid boolean value (\(goQuoted(text))): must be one of \"true\", \"1\", \"false\", or \"0\" (default \"true\")"
    )
  }
}
