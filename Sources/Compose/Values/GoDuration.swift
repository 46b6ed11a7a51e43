/// A duration as Go's `time.ParseDuration` reads it, and spelled as Go spells it. Nanoseconds.
package struct GoDuration: CustomStringConvertible {
  package let nanoseconds: Int64

  private static let units: [(name: String, nanoseconds: Double)] = [
    ("ns", 1), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
  ]

  init(_ text: String) throws(GoValueError) {
    var rest = Substring(text)
    let isNegative = rest.first == "-"
    if isNegative || rest.first == "+" { rest = rest.dropFirst() }
    if rest == "0" {
      nanoseconds = 0
      return
    }
    if rest.isEmpty { throw GoValueError("time: invalid duration \"\(text)\"") }
    var total = 0.0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
      rest = rest.dropFirst(unit.count)
      guard !digits.isEmpty, let number = Double(digits) else { throw GoValueError("time: invalid duration \"\(text)\"") }
      if unit.isEmpty { throw GoValueError("time: missing unit in duration \"\(text)\"") }
      guard let factor = Self.units.first(where: { $0.name == unit })?.nanoseconds else {
        throw GoValueError("time: unknown unit \"\(unit)\" in duration \"\(text)\"")
      }
      total += number * factor
    }
    guard total < 9.2e18 else { throw GoValueError("time: invalid duration \"\(text)\"") }
    nanoseconds = Int64(isNegative ? -total : total)
  }

  package var description: String {
    if nanoseconds == 0 { return "0s" }
    let sign = nanoseconds < 0 ? "-" : ""
    let magnitude = nanoseconds.magnitude
    if magnitude < 1_000 { return "\(sign)\(magnitude)ns" }
    if magnitude < 1_000_000 { return sign + Self.decimal(magnitude, 1_000) + "µs" }
    if magnitude < 1_000_000_000 { return sign + Self.decimal(magnitude, 1_000_000) + "ms" }
    let minutes = magnitude / 60_000_000_000
    let seconds = Self.decimal(magnitude % 60_000_000_000, 1_000_000_000) + "s"
    if minutes == 0 { return sign + seconds }
    if minutes < 60 { return "\(sign)\(minutes)m\(seconds)" }
    return "\(sign)\(minutes / 60)h\(minutes % 60)m\(seconds)"
  }

  private static func decimal(_ value: UInt64, _ unit: UInt64) -> String {
    let fraction = value % unit
    if fraction == 0 { return "\(value / unit)" }
    var digits = "\(unit + fraction)".dropFirst()
    while digits.last == "0" { digits = digits.dropLast() }
    return "\(value / unit).\(digits)"
  }
}
