/// Cuts a stream of bytes into the parts that a log keeps: lines, and pieces of 16 KiB of longer ones.
struct LinePartition: Sendable {
  static let longest = 16 << 10
  private var pending: [UInt8] = []

  /// What `bytes` complete. The rest waits for its newline.
  mutating func add(_ bytes: [UInt8]) -> [[UInt8]] {
    var parts: [[UInt8]] = []
    var start = bytes.startIndex
    while start < bytes.endIndex {
      let room = Self.longest - pending.count
      let window = bytes[start..<min(bytes.endIndex, start + room)]
      if let newline = window.firstIndex(of: UInt8(ascii: "\n")) {
        parts.append(pending + bytes[start...newline])
        pending = []
        start = newline + 1
      } else {
        pending += window
        start = window.endIndex
        if pending.count == Self.longest { parts.append(cut()) }
      }
    }
    return parts
  }

  /// What is left when the stream has ended.
  mutating func end() -> [UInt8]? {
    defer { pending = [] }
    return pending.isEmpty ? nil : pending
  }

  /// Takes a full part, but for the beginning of a character that is not whole yet.
  private mutating func cut() -> [UInt8] {
    var end = pending.count
    var steps = 0
    while steps < 3, end > 0, pending[end - 1] & 0xc0 == 0x80 {
      end -= 1
      steps += 1
    }
    if end > 0, pending[end - 1] >= 0xc0 {
      let length = pending[end - 1] >= 0xf0 ? 4 : pending[end - 1] >= 0xe0 ? 3 : 2
      end = steps + 1 < length ? end - 1 : pending.count
    } else {
      end = pending.count
    }
    defer { pending.removeFirst(end) }
    return Array(pending[..<end])
  }
}
