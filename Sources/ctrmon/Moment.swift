internal import Linux
internal import Monitor

/// A moment as docker's --since and --until take it.
func moment(_ text: String) throws -> Timestamp {
  if let time = Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + "Z") ?? Timestamp(rfc3339: text + "T00:00:00Z") { return time }
  let now = Timestamp.now
  if let seconds = Double(text), seconds >= 0, seconds < 1e11 {
    return Timestamp(seconds: Int64(seconds), nanoseconds: UInt32((seconds - seconds.rounded(.down)) * 1e9))
  }
  guard let ago = duration(text) else {
    throw MonitorError.failed("invalid value for a time: '\(text)' is not RFC 3339, seconds or a duration")
  }
  let whole = Int64(ago)
  return Timestamp(seconds: now.seconds - whole, nanoseconds: now.nanoseconds)
}

/// Go's durations, `1h30m`, in seconds.
private func duration(_ text: String) -> Double? {
  let units: [(String, Double)] = [("ms", 0.001), ("us", 0.000_001), ("ns", 0.000_000_001), ("h", 3600), ("m", 60), ("s", 1)]
  var rest = Substring(text)
  var seconds = 0.0
  if rest.isEmpty { return nil }
  while !rest.isEmpty {
    let digits = rest.prefix { $0.isNumber || $0 == "." }
    rest = rest.dropFirst(digits.count)
    guard let number = Double(digits), let unit = units.first(where: { rest.hasPrefix($0.0) }) else { return nil }
    rest = rest.dropFirst(unit.0.count)
    seconds += number * unit.1
  }
  return seconds
}
