internal import Linux

/// The one moment at which everything in a build happens, so that the same input gives the same bytes.
///
/// SOURCE_DATE_EPOCH where it is set (https://reproducible-builds.org/specs/source-date-epoch/), else 1980-01-02, the first day that
/// is within the range of ZIP's dates in every time zone.
struct BuildEpoch: Hashable, Sendable {
  static let usual: Int64 = 315_619_200

  let time: Timestamp
  /// Whether the user has chosen it: then nothing in a layer is later.
  let isChosen: Bool

  init(_ text: String?) throws(BuildError) {
    guard let text, !text.isEmpty else {
      time = Timestamp(seconds: Self.usual)
      isChosen = false
      return
    }
    guard let seconds = Int64(text), seconds >= 0 else {
      throw BuildError("SOURCE_DATE_EPOCH is '\(text)', expected a number of seconds since 1970")
    }
    time = Timestamp(seconds: seconds)
    isChosen = true
  }

  var text: String { time.rfc3339 }

  /// For what comes with a time of its own (archives, other images).
  func limited(_ other: Timestamp) -> Timestamp {
    isChosen ? Timestamp(seconds: min(other.seconds, time.seconds)) : Timestamp(seconds: other.seconds)
  }
}
