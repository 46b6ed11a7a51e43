internal import Linux
internal import OCIImageSpec
internal import SystemPackage

extension ImageStore {
  /// The layers under overlays that are mounted in this mount namespace: a bundle in a directory of the user's has no record below
  /// the root, but pulling a lower directory from under its root file system would break it (proc_pid_mountinfo(5)).
  func mountedChainIDs() -> Set<Digest> {
    guard let bytes = try? readFile("/proc/self/mountinfo") else { return [] }
    let needle = Array("/layers/".utf8)
    var found: Set<Digest> = []
    var position = 0
    while position + needle.count + 64 <= bytes.count {
      guard bytes[position] == needle[0], bytes[position...].starts(with: needle) else {
        position += 1
        continue
      }
      position += needle.count
      if let digest = Digest("sha256:" + String(decoding: bytes[position..<min(position + 64, bytes.count)], as: UTF8.self)) {
        found.insert(digest)
      }
    }
    return found
  }
}
