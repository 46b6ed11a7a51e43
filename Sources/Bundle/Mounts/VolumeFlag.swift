extension MountRequest {
  /// `-v [SOURCE:]TARGET[:OPTIONS]`. `workingDirectory` is what a SOURCE that begins with `.` is relative to.
  package init(volume text: String, workingDirectory: String) throws(BundleError) {
    if text.isEmpty { throw .refused("invalid empty volume spec") }
    let invalid = BundleError.refused("invalid volume specification: '\(text)'")
    var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if parts.contains("") { throw .refused("invalid spec: \(text): empty section between colons") }
    guard parts.count <= 3 else { throw .refused("invalid spec: \(text): too many colons") }
    if parts.count > 1, parts[0] == "." || parts[0] == ".." || parts[0].hasPrefix("./") || parts[0].hasPrefix("../") {
      parts[0] = cleanPath(workingDirectory + "/" + parts[0])
    }
    if parts.count == 2, isMountMode(parts[1]) { throw invalid }
    let mode = parts.count == 3 ? parts[2] : ""
    guard isMountMode(mode) else { throw .refused("invalid mode: \(mode)") }
    let source = parts.count > 1 ? parts[0] : ""
    self.init(source.hasPrefix("/") ? .bind : .volume, target: parts[parts.count > 1 ? 1 : 0])
    try checkTarget(target) { .refused("invalid volume specification: '\(text)': \($0)") }
    target = cleanPath(target)
    self.source = source.hasPrefix("/") ? cleanPath(source) : source
    if kind == .volume, !source.isEmpty { try checkVolumeName(source) }
    self.mode = mode
    let options = mode.split(separator: ",").map(String.init)
    readOnly = options.contains("ro")
    noCopy = options.contains("nocopy")
    propagation = options.first(where: propagationModes.contains)
    createsSource = kind == .bind
    if kind == .volume, propagation != nil {
      throw .refused("invalid volume specification: '\(text)': propagation is for bind mounts")
    }
  }
}

/// docker's rule: at most one word of each kind.
private func isMountMode(_ mode: String) -> Bool {
  if mode.isEmpty { return true }
  let kinds: [Set<String>] = [
    ["rw", "ro"], ["z", "Z"], propagationModes, ["nocopy"], ["consistent", "cached", "delegated", "default"],
  ]
  let words = mode.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  return words.allSatisfy { word in kinds.contains { $0.contains(word) } }
    && kinds.allSatisfy { kind in words.count(where: kind.contains) <= 1 }
}

/// The names that a volume can have; they become directories.
package func checkVolumeName(_ name: String) throws(BundleError) {
  if name.utf8.count == 1 { throw .refused("volume name is too short, names should be at least two alphanumeric characters") }
  guard isRestrictedName(name) else {
    throw .refused(
      "\(goQuoted(name)) includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. "
        + "If you intended to pass a host directory, use absolute path")
  }
}

/// `[a-zA-Z0-9][a-zA-Z0-9_.-]+`
func isRestrictedName(_ name: String) -> Bool {
  let bytes = Array(name.utf8)
  func alphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")) }
  guard bytes.count >= 2, bytes.count <= 255, alphanumeric(bytes[0]) else { return false }
  return bytes.allSatisfy { alphanumeric($0) || [UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-")].contains($0) }
}
