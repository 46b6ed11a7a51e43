/// A JSON number, kept exactly.
package enum JSONNumber: Sendable, Hashable {
  case integer(Int64)
  /// A whole number above `Int64.max`.
  case unsigned(UInt64)
  /// Any other spelling (a fraction, an exponent, minus zero, more digits than 64 bits hold), valid by RFC 8259 section 6.
  case literal(String)

  package init(_ value: some BinaryInteger) {
    if let integer = Int64(exactly: value) {
      self = .integer(integer)
    } else if let unsigned = UInt64(exactly: value) {
      self = .unsigned(unsigned)
    } else {
      self = .literal(String(value))
    }
  }

  /// `nil` for what JSON cannot say: infinities and NaN.
  package init?(_ value: Double) {
    guard value.isFinite else { return nil }
    if let integer = Int64(exactly: value), value.sign == .plus || integer != 0 {
      self = .integer(integer)
    } else {
      self = .literal(value.description)
    }
  }

  /// The value where it is written as a whole number and fits; `1.0` and `1e3` do not count, as in Go.
  package func integer<T: FixedWidthInteger>(_ type: T.Type) -> T? {
    switch self {
    case .integer(let value): T(exactly: value)
    case .unsigned(let value): T(exactly: value)
    case .literal(let text): T(text)
    }
  }

  /// The nearest double; infinite where the number is beyond what doubles reach.
  package var double: Double {
    switch self {
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .literal(let text): Double(text) ?? .nan
    }
  }
}

extension JSONNumber: CustomStringConvertible {
  package var description: String {
    switch self {
    case .integer(let value): String(value)
    case .unsigned(let value): String(value)
    case .literal(let text): text
    }
  }
}
