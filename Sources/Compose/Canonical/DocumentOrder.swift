package import JSON

/// The model as people read it, and as `docker compose config` prints it in YAML: what says nothing is left out, and the attributes stand
/// in an order of their own, the rest by their names.
package func readingOrder(_ model: JSONValue) -> JSONValue { readingOrder(model, at: []) }

private let leading: [String: [String]] = [
  "": ["name", "services", "networks", "volumes", "secrets", "configs"],
  "service": ["profiles"],
  "build": ["context", "dockerfile", "dockerfile_inline", "args", "ssh", "labels"],
  "deploy": ["mode", "replicas", "labels", "update_config", "rollback_config", "resources", "restart_policy"],
  "healthcheck": ["test", "timeout", "interval", "retries"],
  "ports": ["name", "mode", "host_ip", "target", "published"],
  "volumes": ["type", "source", "target"],
  "update_config": ["parallelism", "delay", "failure_action", "monitor", "max_failure_ratio"],
  "rollback_config": ["parallelism", "delay", "failure_action", "monitor", "max_failure_ratio"],
  "secrets": ["source", "target"], "configs": ["source", "target"],
]

/// Those that mean the same when they are empty as when they are absent.
private let sayingNothing: Set<String> = ["depends_on", "ipam", "placement", "resources"]

/// The attributes that come first in the value at a path of names.
private func first(at path: [String]) -> [String] {
  switch path.count {
  case 0: leading[""] ?? []
  case 1: []
  case 2: path[0] == "services" ? leading["service"] ?? [] : []
  default: leading[path.last ?? ""] ?? []
  }
}

private func readingOrder(_ value: JSONValue, at path: [String]) -> JSONValue {
  switch value {
  case .array(let values): return .array(values.map { readingOrder($0, at: path) })
  case .object(let object):
    let first = first(at: path).filter { object[$0] != nil }
    var result = JSONObject()
    for key in first + object.keys.filter({ !first.contains($0) }).sorted(by: precedes) {
      guard let member = object[key] else { continue }
      if path.count == 2, member.isNull { continue }
      if member.objectValue?.isEmpty == true, sayingNothing.contains(key), path.count == 2 || path.last == "deploy" { continue }
      result[key] = readingOrder(member, at: path + [key])
    }
    return .object(result)
  case .null, .bool, .number, .string: return value
  }
}

/// As yaml.v3 sorts keys: what is no letter before letters, but behind a digit letters first, and numbers by their value: `web2` before
/// `web10`.
private func precedes(_ a: String, _ b: String) -> Bool {
  var (left, right) = (a.utf8[...], b.utf8[...])
  func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80 }
  func number(_ text: inout Substring.UTF8View) -> Substring.UTF8View {
    let digits = text.prefix(while: isDigit)
    text = text.dropFirst(digits.count)
    return digits.drop { $0 == 0x30 }
  }
  var isBehindDigit = false
  while let one = left.first, let other = right.first {
    if isDigit(one), isDigit(other) {
      let (first, second) = (number(&left), number(&right))
      if first.count != second.count { return first.count < second.count }
      if !first.elementsEqual(second) { return first.lexicographicallyPrecedes(second) }
      isBehindDigit = true
      continue
    }
    if one != other {
      if isLetter(one) != isLetter(other) { return isBehindDigit ? isLetter(one) : isLetter(other) }
      return one < other
    }
    isBehindDigit = false
    left.removeFirst()
    right.removeFirst()
  }
  return left.isEmpty && !right.isEmpty
}
