/// The ports that one word of EXPOSE means, as `80/tcp`: a range is each of its ports; a host address and port before it are
/// dropped, as BuildKit does.
func exposedPorts(_ word: String) throws(BuildError) -> [String] {
  let invalid = BuildError("EXPOSE '\(word)': expected PORT[-PORT][/PROTOCOL]")
  let container = word.split(separator: ":", omittingEmptySubsequences: false).last ?? ""
  let parts = container.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
  var protocolName = "tcp"
  if parts.count == 2, !parts[1].isEmpty { protocolName = parts[1].lowercased() }
  guard ["tcp", "udp", "sctp"].contains(protocolName) else {
    throw BuildError("EXPOSE '\(word)': unknown protocol '\(protocolName)', expected tcp, udp or sctp")
  }
  let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
  guard (1...2).contains(ends.count), let first = portNumber(ends[0]), let last = portNumber(ends[ends.count - 1]) else { throw invalid }
  if last < first { throw BuildError("EXPOSE '\(word)': the range ends before it begins") }
  return (first...last).map { "\($0)/\(protocolName)" }
}

private func portNumber(_ text: Substring) -> UInt16? {
  text.utf8.allSatisfy { (48...57).contains($0) } ? UInt16(text) : nil
}
