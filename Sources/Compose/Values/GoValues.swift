/// Why a text is not the value that it should be.
struct GoValueError: Error {
  let message: String
  init(_ message: String) { self.message = message }
}

/// A size as docker reads it (go-units, `RAMInBytes`): `64m`, `1.5 GiB`, powers of 1024. Bytes.
func byteCount(_ text: String) throws(GoValueError) -> Int64 {
  let failure = GoValueError("invalid size: '\(text)'")
  let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
  var unit = text.dropFirst(digits.count)
  if unit.first == " " { unit = unit.dropFirst() }
  guard let number = Double(digits), !digits.isEmpty else { throw failure }
  let letters = unit.lowercased()
  var shift = 0
  if !letters.isEmpty, letters != "b" {
    guard let place = Array("kmgtp").firstIndex(of: letters.first ?? " "), ["", "b", "ib"].contains(letters.dropFirst()) else {
      throw failure
    }
    shift = 10 * (place + 1)
  }
  let bytes = number * Double(UInt64(1) << UInt64(shift))
  guard bytes < 9.2e18 else { throw failure }
  return Int64(bytes)
}
