/// A number of bytes as docker's tables print it: powers of 1000, three significant digits (`187MB`, `4.26MB`, `1.5kB`, `0B`).
package func humanSize(_ bytes: Int64) -> String {
  let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
  var size = Double(bytes)
  var unit = 0
  // 999.5 of a unit would round to 1000 of it, four digits: the next unit has it in one.
  while abs(size) >= (unit == 0 ? 1000 : 999.5), unit < units.count - 1 {
    size /= 1000
    unit += 1
  }
  if unit == 0 { return "\(bytes)B" }
  let decimals = abs(size) >= 99.95 ? 0 : abs(size) >= 9.995 ? 1 : 2
  return significant(fixedPoint(size, decimals: decimals)) + units[unit]
}

/// A number of bytes as docker prints memory: powers of 1024, four significant digits (`592KiB`, `1.5GiB`).
package func binarySize(_ bytes: Int64) -> String {
  let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
  var size = Double(bytes)
  var unit = 0
  while abs(size) >= 1024, unit < units.count - 1 {
    size /= 1024
    unit += 1
  }
  let decimals = abs(size) >= 1000 ? 0 : abs(size) >= 100 ? 1 : abs(size) >= 10 ? 2 : 3
  return significant(fixedPoint(size, decimals: unit == 0 ? 0 : decimals)) + units[unit]
}

/// `4.20` as `4.2`, `5.0` as `5`.
private func significant(_ text: String) -> String {
  guard text.contains(".") else { return text }
  var text = text
  while text.hasSuffix("0") { text.removeLast() }
  if text.hasSuffix(".") { text.removeLast() }
  return text
}

/// `value` with exactly `decimals` digits (0...15) after the point, rounded half away from zero.
package func fixedPoint(_ value: Double, decimals: Int) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let scaled = (abs(value) * scale).rounded()
  guard scaled < 9e18 else { return "\(value)" }
  var digits = String(UInt64(scaled))
  if decimals > 0 {
    digits = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -decimals))
  }
  return (value < 0 && scaled > 0 ? "-" : "") + digits
}
