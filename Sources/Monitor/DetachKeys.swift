/// The keys that let go of a container without ending it (docker's --detach-keys): `ctrl-p,ctrl-q`.
package struct DetachKeys: Hashable, Sendable {
  private let sequence: [UInt8]
  private var matched = 0

  package static let standard = DetachKeys(sequence: [16, 17])

  private init(sequence: [UInt8]) { self.sequence = sequence }

  /// Single characters and `ctrl-` with a letter or one of `@[\]^_`, separated by commas; nil for anything else.
  package init?(_ text: String) {
    var sequence: [UInt8] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let bytes = Array(word.utf8)
      if bytes.count == 1 {
        sequence.append(bytes[0])
      } else if bytes.count == 6, word.lowercased().hasPrefix("ctrl-") {
        let key = bytes[5] | (bytes[5] >= 0x60 ? 0 : bytes[5] >= 0x41 && bytes[5] <= 0x5a ? 0x20 : 0)
        switch key {
        case 0x61...0x7a: sequence.append(key - 0x60)
        case 0x40, 0x5b...0x5f: sequence.append(key - 0x40)
        default: return nil
        }
      } else {
        return nil
      }
    }
    self.sequence = sequence
  }

  /// Takes what was typed: what of it is to be handed on, and whether the keys came. The beginning of the sequence is held
  /// back until it is known not to be one.
  package mutating func filter(_ bytes: [UInt8]) -> (input: [UInt8], detaches: Bool) {
    var input: [UInt8] = []
    for byte in bytes {
      if byte == sequence[matched] {
        matched += 1
        if matched == sequence.count { return (input, true) }
        continue
      }
      input += sequence[..<matched]
      matched = 0
      if byte == sequence[0] { matched = 1 } else { input.append(byte) }
    }
    return (input, false)
  }
}
