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

  /// A JSON string's inside. Bytes that are no UTF-8 become U+FFFD, as in docker's.
  static func escape(_ bytes: [UInt8], to buffer: inout [UInt8]) {
    if bytes.allSatisfy({ $0 < 0x80 }) { return escapeASCII(bytes, to: &buffer) }
    let repaired = Array(String(decoding: bytes, as: UTF8.self).utf8)
    escapeASCII(repaired, to: &buffer)
  }

  private static func escapeASCII(_ bytes: [UInt8], to buffer: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    buffer.reserveCapacity(buffer.count + bytes.count + 64)
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): buffer += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): buffer += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case UInt8(ascii: "\r"): buffer += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
      case UInt8(ascii: "\t"): buffer += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
      case 0..<0x20, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
        buffer.append(contentsOf: #"\u00"#.utf8)
        buffer += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: buffer.append(byte)
      }
    }
  }
}
