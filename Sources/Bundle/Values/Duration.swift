/// Parses a duration as Go writes it (`1m30s`, `1.5h`, `300ms`), in nanoseconds. A number without a unit is an error, but `0` is not.
package func goDuration(_ text: String) throws(InvalidValue) -> Int64 {
  let invalid = InvalidValue("time: invalid duration \(goQuoted(text))")
  let negative = text.hasPrefix("-")
  var rest = Array(text.utf8)[...]
  if negative || text.hasPrefix("+") { rest = rest.dropFirst() }
  if rest.elementsEqual("0".utf8) { return 0 }
  if rest.isEmpty { throw invalid }
  var total = 0.0
  while !rest.isEmpty {
    let number = rest.prefix { isDigit($0) || $0 == UInt8(ascii: ".") }
    rest = rest.dropFirst(number.count)
    let unitBytes = rest.prefix { !isDigit($0) && $0 != UInt8(ascii: ".") }
    rest = rest.dropFirst(unitBytes.count)
    let unit = String(decoding: unitBytes, as: UTF8.self)
    guard number.contains(where: isDigit), number.count(where: { $0 == UInt8(ascii: ".") }) <= 1 else { throw invalid }
    if unit.isEmpty { throw InvalidValue("time: missing unit in duration \(goQuoted(text))") }
    guard let factor = nanosecondsPerUnit[unit] else {
      throw InvalidValue("time: unknown unit \(goQuoted(unit)) in duration \(goQuoted(text))")
    }
    guard let value = Double("0" + String(decoding: number, as: UTF8.self) + (number.last == UInt8(ascii: ".") ? "0" : "")) else {
      throw invalid
    }
    total += value * factor
  }
  guard total < 0x1p63 else { throw invalid }
  return negative ? -Int64(total) : Int64(total)
}

private let nanosecondsPerUnit: [String: Double] = [
  "ns": 1, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9,
]
