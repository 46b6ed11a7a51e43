internal import Linux

/// One line of a container's log as docker's json-file driver writes it (schemas/log.schema.json):
/// `{"log":"text\n","stream":"stdout","time":"2026-11-21T10:27:01.5Z"}`.
package struct LogLine: Hashable, Sendable {
  package enum Stream: String, Hashable, Sendable { case stdout, stderr }

  /// With its newline, unless the line was longer than a part may be or the output ended without one.
  package var text: [UInt8]
  package var stream: Stream
  /// RFC 3339 with up to nine decimals.
  package var time: String

  /// Appends the line and a newline to `buffer`.
  func write(to buffer: inout [UInt8]) {
    buffer.append(contentsOf: #"{"log":""#.utf8)
    Self.escape(text, to: &buffer)
    buffer.append(contentsOf: #"","stream":""#.utf8)
    buffer.append(contentsOf: stream.rawValue.utf8)
    buffer.append(contentsOf: #"","time":""#.utf8)
    buffer.append(contentsOf: time.utf8)
    buffer.append(contentsOf: "\"}\n".utf8)
  }

  /// A JSON string's inside. Each byte that is no UTF-8 becomes U+FFFD, as in docker's.
  static func escape(_ bytes: [UInt8], to buffer: inout [UInt8]) {
    buffer.reserveCapacity(buffer.count + bytes.count + 64)
    // What needs no change is copied in runs.
    var start = 0
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte >= 0x80 {
        let length = characterLength(bytes, index)
        if length > 0 {
          index += length
          continue
        }
      } else if !isEscaped[Int(byte)] {
        index += 1
        continue
      }
      buffer += bytes[start..<index]
      append(escaped: byte, to: &buffer)
      index += 1
      start = index
    }
    buffer += bytes[start..<index]
  }

  private static let isEscaped: [Bool] = (0..<128).map { $0 < 0x20 || "\"\\<>&".utf8.contains(UInt8($0)) }

  private static func append(escaped byte: UInt8, to buffer: inout [UInt8]) {
    func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
    switch byte {
    case 0x80...:
      buffer.append(0xEF)
      buffer.append(0xBF)
      buffer.append(0xBD)
      return
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
      buffer.append(UInt8(ascii: "\\"))
      switch byte {
      case UInt8(ascii: "\n"): buffer.append(UInt8(ascii: "n"))
      case UInt8(ascii: "\r"): buffer.append(UInt8(ascii: "r"))
      case UInt8(ascii: "\t"): buffer.append(UInt8(ascii: "t"))
      default: buffer.append(byte)
      }
    default:
      buffer.append(contentsOf: #"\u00"#.utf8)
      buffer.append(digit(byte >> 4))
      buffer.append(digit(byte & 15))
    }
  }

  /// The length of the UTF-8 sequence at `index`, 2 to 4; 0 where there is none (RFC 3629, section 4: no overlong forms, no surrogates).
  private static func characterLength(_ bytes: [UInt8], _ index: Int) -> Int {
    let first = bytes[index]
    func follows(_ offset: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
      index + offset < bytes.count && range.contains(bytes[index + offset])
    }
    switch first {
    case 0xC2...0xDF: return follows(1) ? 2 : 0
    case 0xE0: return follows(1, 0xA0...0xBF) && follows(2) ? 3 : 0
    case 0xED: return follows(1, 0x80...0x9F) && follows(2) ? 3 : 0
    case 0xE1...0xEF: return follows(1) && follows(2) ? 3 : 0
    case 0xF0: return follows(1, 0x90...0xBF) && follows(2) && follows(3) ? 4 : 0
    case 0xF4: return follows(1, 0x80...0x8F) && follows(2) && follows(3) ? 4 : 0
    case 0xF1...0xF3: return follows(1) && follows(2) && follows(3) ? 4 : 0
    default: return 0
    }
  }
}
