/// A duration as Go writes it: `1h15m30.918s`, `-1.5h`, `300ms`.
package struct GoDuration: Hashable, Sendable, CustomStringConvertible {
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// nil where the text is none, or does not fit.
  package init?(_ text: String) {
    var rest = Substring(text).utf8
    let isNegative = rest.first == Byte.dash
    if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    if rest.elementsEqual("0".utf8) {
      nanoseconds = 0
      return
    }
    guard !rest.isEmpty else { return nil }
    var total: UInt64 = 0
    while !rest.isEmpty {
      guard let part = Self.readPart(&rest) else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(part)
      guard !overflow, sum <= 1 << 63 else { return nil }
      total = sum
    }
    if isNegative {
      nanoseconds = total == 1 << 63 ? .min : -Int64(total)
    } else {
      guard total < 1 << 63 else { return nil }
      nanoseconds = Int64(total)
    }
  }

  /// One number with its unit.
  private static func readPart(_ rest: inout Substring.UTF8View) -> UInt64? {
    let whole = rest.prefix { $0.isDigit }
    rest = rest.dropFirst(whole.count)
    var fraction = rest.prefix(0)
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      fraction = rest.prefix { $0.isDigit }
      rest = rest.dropFirst(fraction.count)
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    let unit = rest.prefix { !$0.isDigit && $0 != UInt8(ascii: ".") }
    rest = rest.dropFirst(unit.count)
    let scales: [String: UInt64] = [
      "ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000,
    ]
    guard let scale = scales[String(Substring(unit))],
      let value = whole.isEmpty ? 0 : UInt64(String(Substring(whole)))
    else { return nil }
    var (total, overflow) = value.multipliedReportingOverflow(by: scale)
    guard !overflow else { return nil }
    var digits = 0.0
    var power = 1.0
    for digit in fraction.prefix(18) {
      digits = digits * 10 + Double(digit - 0x30)
      power *= 10
    }
    total += UInt64(digits * (Double(scale) / power))
    return total
  }

  /// As Go prints it: `1m30s`, `1.5s`, `0s`.
  package var description: String {
    let magnitude = nanoseconds.magnitude
    let sign = nanoseconds < 0 ? "-" : ""
    switch magnitude {
    case 0: return "0s"
    case ..<1_000: return "\(sign)\(magnitude)ns"
    case ..<1_000_000: return sign + Self.decimal(magnitude, 1_000) + "µs"
    case ..<1_000_000_000: return sign + Self.decimal(magnitude, 1_000_000) + "ms"
    default: break
    }
    let minutes = magnitude / 60_000_000_000
    let seconds = Self.decimal(magnitude % 60_000_000_000, 1_000_000_000) + "s"
    if minutes == 0 { return sign + seconds }
    return minutes < 60 ? "\(sign)\(minutes)m\(seconds)" : "\(sign)\(minutes / 60)h\(minutes % 60)m\(seconds)"
  }

  private static func decimal(_ value: UInt64, _ unit: UInt64) -> String {
    var text = String(value / unit)
    var rest = value % unit
    guard rest > 0 else { return text }
    text += "."
    var scale = unit / 10
    while rest > 0 {
      text += String(rest / scale)
      rest %= scale
      scale /= 10
    }
    return text
  }
}

extension GoDuration: Decodable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let duration = GoDuration(text), duration.nanoseconds == 0 || duration.nanoseconds >= 1_000_000 else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no duration such as 30s")
    }
    self = duration
  }
}
