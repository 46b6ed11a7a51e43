package import Linux

/// What becomes of modification times in a layer.
package enum ModificationTimes: Hashable, Sendable {
  /// Cut to whole seconds, which every reader keeps.
  case seconds
  /// To the nanosecond; takes a pax header for each entry.
  case exact
  /// Whole seconds, and what is later becomes this (SOURCE_DATE_EPOCH).
  case clamped(to: Timestamp)
  /// This, always.
  case fixed(Timestamp)

  func applied(to time: Timestamp) -> Timestamp {
    switch self {
    case .seconds: Timestamp(seconds: time.seconds)
    case .exact: time
    case .clamped(let latest): Timestamp(seconds: min(time.seconds, latest.seconds))
    case .fixed(let time): time
    }
  }
}
