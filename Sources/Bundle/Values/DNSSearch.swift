/// `--dns-search DOMAIN`; `.` stands for no search list at all.
package func dnsSearch(_ text: String) throws(InvalidValue) -> String {
  let domain = text.trimmed()
  if domain == "." { return domain }
  let labels = (domain.hasSuffix(".") ? domain.dropLast() : domain[...]).split(separator: ".", omittingEmptySubsequences: false)
  let valid =
    domain.utf8.count < 255 && domain.contains { $0.isASCII && $0.isLetter }
    && labels.allSatisfy { label in
      (1...63).contains(label.utf8.count) && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        && label.first != "-" && label.last != "-"
    }
  guard valid else { throw InvalidValue("\(domain) is not a valid domain") }
  return domain
}

/// `--dns ADDRESS`.
package func dnsServer(_ text: String) throws(InvalidValue) -> String {
  let address = text.trimmed()
  guard isIPAddress(address) else { throw InvalidValue("IP address is not correctly formatted: \(text)") }
  return address
}
