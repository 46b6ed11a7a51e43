// URLs as registries send them and are sent them (RFC 3986), no more of them than that takes.

/// `https` and `host:port` of a URL.
package func splitURL(_ url: String) -> (scheme: String, authority: String) {
  guard let colon = url.firstRange(of: "://") else { return ("", "") }
  let rest = url[colon.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
  let authority = rest.lastIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? rest
  return (url[..<colon.lowerBound].lowercased(), String(authority))
}

/// A `Location`, which may be relative (RFC 3986 section 5), against the URL of the request.
package func absoluteURL(_ location: String, relativeTo url: String) -> String {
  if location.contains("://") { return location }
  let (scheme, authority) = splitURL(url)
  if location.hasPrefix("//") { return scheme + ":" + location }
  if location.hasPrefix("/") { return "\(scheme)://\(authority)\(location)" }
  let directory = url.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  return directory + "/" + location
}

/// application/x-www-form-urlencoded, and safe in a query.
package func formEncoded(_ fields: [(String, String)]) -> String {
  fields.map { "\(percentEncoded($0.0))=\(percentEncoded($0.1))" }.joined(separator: "&")
}

package func percentEncoded(_ text: String) -> String {
  let digits = Array("0123456789ABCDEF".utf8)
  var bytes: [UInt8] = []
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
      bytes.append(byte)
    default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
