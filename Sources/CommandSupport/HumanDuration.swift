package import Linux

/// A span of time in docker's words: `Less than a second`, `3 seconds`, `About a minute`, `5 weeks`. Negative counts as none.
package func humanDuration(seconds: Int64) -> String {
  if seconds < 1 { return "Less than a second" }
  if seconds == 1 { return "1 second" }
  if seconds < 60 { return "\(seconds) seconds" }
  let minutes = seconds / 60
  if minutes == 1 { return "About a minute" }
  if minutes < 60 { return "\(minutes) minutes" }
  let hours = (seconds + 1800) / 3600
  if hours == 1 { return "About an hour" }
  if hours < 48 { return "\(hours) hours" }
  if hours < 24 * 7 * 2 { return "\(hours / 24) days" }
  if hours < 24 * 30 * 2 { return "\(hours / 24 / 7) weeks" }
  if hours < 24 * 365 * 2 { return "\(hours / 24 / 30) months" }
  return "\(seconds / 3600 / 24 / 365) years"
}

/// How long ago `moment` was, as docker's CREATED columns say it: `3 seconds ago`.
package func humanAge(_ moment: Timestamp, now: Timestamp = .now) -> String {
  humanDuration(seconds: now.seconds - moment.seconds) + " ago"
}

/// `humanAge` of an RFC 3339 time; `N/A` for a time that is missing or the zero of Go's calendar, as docker prints it.
package func humanAge(rfc3339 text: String?, now: Timestamp = .now) -> String {
  guard let text, let moment = Timestamp(rfc3339: text), moment.seconds > -62_135_596_800 else { return "N/A" }
  return humanAge(moment, now: now)
}
