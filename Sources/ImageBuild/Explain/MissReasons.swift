internal import JSON
internal import LayerArchive
internal import OCIImageSpec

extension Build {
  /// Why the cache has nothing under a key: in what it differs from the nearest one that it has. `layer` is what the step makes, where
  /// that is known.
  func missReasons(_ key: CacheKey, _ layer: BuiltLayer) throws(BuildError) -> [String] {
    let ranked = cache.records().filter { isAlike($0.key, key) }.map { (record: $0, likeness: likeness($0.key, key)) }
    guard let best = ranked.map(\.likeness).max(), let nearest = ranked.first(where: { $0.likeness == best })?.record else {
      return ["no step like it has been built here"]
    }
    var reasons: [String] = []
    for (name, value) in key.parts where nearest.key[name] != value {
      reasons += try difference(name, was: nearest.key[name] ?? .null, now: value, nearest, layer)
    }
    if !reasons.isEmpty { return reasons }
    return [cache.hasLayer(nearest) ? "it is not in the cache" : "its layer has been removed from the store"]
  }

  /// The same instruction elsewhere, or another one at the same place.
  private func isAlike(_ a: JSONValue, _ key: CacheKey) -> Bool {
    func agree(_ name: String) -> Bool { key[name] != nil && a[name] == key[name] }
    guard agree("kind"), agree("version") else { return false }
    return agree("parent") || agree("arguments") || agree("path") || (agree("sources") && agree("destination"))
  }

  /// What an instruction says counts more than what it is applied to.
  private func likeness(_ a: JSONValue, _ key: CacheKey) -> Int {
    let weights = ["arguments": 8, "sources": 4, "destination": 4, "path": 8, "script": 4, "parent": 6, "environment": 3, "files": 2]
    var sum = 0
    for (name, value) in key.parts where name != "kind" && name != "version" && a[name] == value { sum += weights[name] ?? 1 }
    return sum
  }

  private func difference(
    _ name: String, was: JSONValue, now: JSONValue, _ record: BuildCache.Record, _ layer: BuiltLayer
  ) throws(BuildError) -> [String] {
    switch name {
    case "parent": ["what is below it has changed: a step above, or the base image"]
    case "arguments": ["the command was '\(words(was))'"]
    case "script": ["the here-document has changed"]
    case "environment": environmentReasons(lines(was), lines(now))
    case "files": try fileReasons(record, layer)
    case "from": ["the stage or image that it copies from has changed"]
    case "remotes": ["what is at the address has changed"]
    case "inlines": ["the here-document has changed"]
    case "mounts": mountReasons(was.arrayValue ?? [], now.arrayValue ?? [])
    case "epoch": ["SOURCE_DATE_EPOCH was '\(text(was))', is '\(text(now))'"]
    default: ["\(name) was '\(text(was))', is '\(text(now))'"]
    }
  }

  private func text(_ value: JSONValue) -> String {
    if let array = value.arrayValue { return array.map(text).joined(separator: " ") }
    return value.stringValue ?? (value == .null ? "" : "\(value)")
  }

  private func words(_ value: JSONValue) -> String { text(value) }
  private func lines(_ value: JSONValue) -> [String] { (value.arrayValue ?? []).compactMap(\.stringValue) }

  /// ARG and ENV by name.
  private func environmentReasons(_ was: [String], _ now: [String]) -> [String] {
    let (was, now) = (EnvironmentList(was), EnvironmentList(now))
    var reasons: [String] = []
    for (name, value) in now.variables where was[name] != value {
      reasons.append(was[name].map { "variable '\(name)' was '\($0)', is '\(value)'" } ?? "variable '\(name)' is new: '\(value)'")
    }
    for (name, _) in was.variables where now[name] == nil { reasons.append("variable '\(name)' is gone") }
    return reasons.isEmpty ? ["its variables have another order"] : reasons
  }

  private func mountReasons(_ was: [JSONValue], _ now: [JSONValue]) -> [String] {
    if was.count != now.count { return ["it has other mounts"] }
    return zip(was, now).filter { $0 != $1 }.map { was, now in
      let target = text(now["target"] ?? .null)
      return was["content"] != now["content"] ? "what is mounted at '\(target)' has changed" : "the mount at '\(target)' has changed"
    }
  }

  /// The files by name: what the layer was against what it is.
  private func fileReasons(_ record: BuildCache.Record, _ layer: BuiltLayer) throws(BuildError) -> [String] {
    if layer.diffID == record.diffID { return ["its files are other ones or were touched, but hold the same: what follows may be cached"] }
    guard cache.hasLayer(record) else { return ["its files have changed"] }
    let (was, now) = (try LayerContents(record.layer, store), try LayerContents(layer.descriptor, store))
    let changes = was.changes(to: now)
    let shown = changes.prefix(10).map { "'\($0)'" + " " + $1 }
    return shown + (changes.count > shown.count ? ["and \(changes.count - shown.count) more files"] : [])
  }
}
