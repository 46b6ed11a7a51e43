/// Parses `--cpus` exactly, without floating point: a decimal number (`1.5`) or a fraction (`1/2`), in billionths of a CPU.
package func nanoCPUs(_ text: String) throws(InvalidValue) -> Int64 {
  let invalid = InvalidValue("failed to parse \(text) as a rational number")
  guard let (number, divisorText) = text.cut(at: "/") else { return try billionths(text, invalid) }
  guard let numerator = Int64(number), let divisor = Int64(divisorText), divisor > 0 else { throw invalid }
  let (scaled, overflow) = numerator.multipliedReportingOverflow(by: 1_000_000_000)
  if overflow { throw invalid }
  if scaled % divisor != 0 { throw InvalidValue("value is too precise") }
  return scaled / divisor
}

private func billionths(_ text: String, _ invalid: InvalidValue) throws(InvalidValue) -> Int64 {
  let negative = text.hasPrefix("-")
  let body = negative || text.hasPrefix("+") ? text.dropFirst() : text[...]
  let parts = body.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
  let whole = parts.first ?? "", fraction = parts.count > 1 ? parts[1] : ""
  guard !(whole.isEmpty && fraction.isEmpty), (whole + fraction).utf8.allSatisfy(isDigit) else { throw invalid }
  var digits = fraction
  while digits.last == "0" { digits.removeLast() }
  if digits.count > 9 { throw InvalidValue("value is too precise") }
  let padded = digits + String(repeating: "0", count: 9 - digits.count)
  guard let high = Int64(whole.isEmpty ? "0" : String(whole)), high < 1_000_000_000, let low = Int64(padded) else { throw invalid }
  let value = high * 1_000_000_000 + low
  return negative ? -value : value
}
