// Headers of a registry's answers that have a grammar of their own.

/// What a person reads of `299 - "text"` (RFC 7234 section 5.5); the whole of what is written otherwise.
package func warningText(_ header: String) -> String {
  guard let open = header.firstIndex(of: "\""), let close = header.lastIndex(of: "\""), open < close else { return header }
  return header[header.index(after: open)..<close].split(separator: "\\", omittingEmptySubsequences: true).joined()
}

/// The target of `<URL>; rel="next"` (RFC 8288); nil where the header has no such link.
package func nextLink(_ header: String) -> String? {
  guard let open = header.firstIndex(of: "<"), let close = header[open...].firstIndex(of: ">") else { return nil }
  let parameters = header[close...].split(separator: ";").map { $0.filter { $0 != " " && $0 != "\"" } }
  return parameters.contains("rel=next") ? String(header[header.index(after: open)..<close]) : nil
}

/// The first byte of `bytes FIRST-LAST/TOTAL` (RFC 9110 section 14.4), or of the `FIRST-LAST` that registries write.
package func rangeBounds(_ header: String) -> ClosedRange<Int64>? {
  let range = header.hasPrefix("bytes ") ? header.dropFirst(6) : header[...]
  let ends = range.prefix { $0 != "/" }.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
  guard ends.count == 2, let first = Int64(ends[0]), let last = Int64(ends[1]), first >= 0, first <= last, last < .max else { return nil }
  return first...last
}
