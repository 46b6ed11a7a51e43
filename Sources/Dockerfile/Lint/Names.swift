/// Whether a text can name an image: the grammar of distribution/reference's normalised names, which docker's are.
func isImageName(_ text: String) -> Bool {
  let bytes = Array(text.utf8)
  if bytes.count == 64, bytes.allSatisfy({ $0.isDigit || (0x61...0x66).contains($0) }) { return false }
  var rest = bytes[...]
  if let at = rest.firstIndex(of: UInt8(ascii: "@")) {
    guard isDigest(rest[(at + 1)...]) else { return false }
    rest = rest[..<at]
  }
  let lastSlash = rest.lastIndex(of: Byte.slash) ?? rest.startIndex
  if let colon = rest[lastSlash...].lastIndex(of: UInt8(ascii: ":")) {
    guard isTag(rest[(colon + 1)...]) else { return false }
    rest = rest[..<colon]
  }
  var components = rest.split(separator: Byte.slash, omittingEmptySubsequences: false)
  if components.count > 1, isDomain(components[0]) { components.removeFirst() }
  return !components.isEmpty && rest.count <= 255 && components.allSatisfy { isPathComponent($0) }
}

private func isDomain(_ text: ArraySlice<UInt8>) -> Bool {
  let hasMark = text.contains(UInt8(ascii: ".")) || text.contains(UInt8(ascii: ":")) || text.contains { (0x41...0x5A).contains($0) }
  guard hasMark || text.elementsEqual("localhost".utf8) else { return false }
  if text.first == Byte.leftBracket { return text.contains(Byte.rightBracket) }
  let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
  guard parts.count <= 2, parts.count == 1 || (!parts[1].isEmpty && parts[1].allSatisfy(\.isDigit)) else { return false }
  return parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
    !label.isEmpty && label.first != Byte.dash && label.last != Byte.dash
      && label.allSatisfy { $0.isLetter || $0.isDigit || $0 == Byte.dash }
  }
}

/// Small letters and digits, joined by one `.`, one or two `_`, or any number of `-`.
private func isPathComponent(_ text: ArraySlice<UInt8>) -> Bool {
  func isPlain(_ byte: UInt8) -> Bool { byte.isDigit || (0x61...0x7A).contains(byte) }
  guard let first = text.first, let last = text.last, isPlain(first), isPlain(last) else { return false }
  var run: [UInt8] = []
  for byte in text {
    if isPlain(byte) {
      let joined =
        run.isEmpty || run == [UInt8(ascii: ".")] || run.allSatisfy { $0 == Byte.dash }
        || (run.count <= 2 && run.allSatisfy { $0 == UInt8(ascii: "_") })
      if !joined { return false }
      run = []
    } else {
      guard ".-_".utf8.contains(byte) else { return false }
      run.append(byte)
    }
  }
  return true
}

private func isTag(_ text: ArraySlice<UInt8>) -> Bool {
  guard let first = text.first, text.count <= 128, first != UInt8(ascii: "."), first != Byte.dash else { return false }
  return text.allSatisfy { $0.isLetter || $0.isDigit || "_.-".utf8.contains($0) }
}

private func isDigest(_ text: ArraySlice<UInt8>) -> Bool {
  guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon > text.startIndex else { return false }
  let hex = text[(colon + 1)...]
  return hex.count >= 32 && hex.allSatisfy { $0.isDigit || (0x61...0x66).contains($0) || (0x41...0x46).contains($0) }
}

/// The operating system and architecture that `os/arch/variant` or one of the two says; nil where it is no platform.
func platform(_ text: String) -> (os: String, architecture: String)? {
  let parts = text.lowercased().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  guard (1...3).contains(parts.count),
    parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { $0.isLetter || $0.isDigit || "_-.".utf8.contains($0) } })
  else { return nil }
  let aliases = ["x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64", "i386": "386", "armhf": "arm", "armel": "arm"]
  let systems: Set = ["linux", "windows", "darwin", "freebsd", "wasip1", "js", "netbsd", "openbsd", "solaris", "plan9", "android"]
  if parts.count > 1 { return (parts[0] == "macos" ? "darwin" : parts[0], aliases[parts[1]] ?? parts[1]) }
  if systems.contains(parts[0]) { return (parts[0], "amd64") }
  let architecture = aliases[parts[0]] ?? parts[0]
  let architectures: Set = [
    "amd64", "arm64", "arm", "386", "ppc64le", "ppc64", "s390x", "riscv64", "mips64le", "mips64", "mips", "loong64", "wasm",
  ]
  return architectures.contains(architecture) ? ("linux", architecture) : nil
}

/// Whether a name sounds like a secret: one of the words between underscores, and none that says otherwise.
func soundsSecret(_ name: String) -> Bool {
  let words = Set(name.lowercased().split(separator: "_").map(String.init))
  let secrets: Set = ["apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token"]
  return !words.isDisjoint(with: secrets) && words.isDisjoint(with: ["public", "file", "version"])
}
