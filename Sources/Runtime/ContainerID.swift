/// A container's id: a directory's name below the state root, so nothing that could lead elsewhere.
package struct ContainerID: Hashable, Sendable, CustomStringConvertible {
  package let description: String

  /// Letters, digits and `_+-.`, not a dot first, at most 255 bytes; the message is runc's.
  package init(_ text: String) throws(RuntimeError) {
    if text.isEmpty { throw .message("container id cannot be empty") }
    let allowed = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    if !allowed || text.hasPrefix(".") || text.utf8.count > 255 {
      throw .message("invalid container ID format: '\(text)'")
    }
    description = text
  }
}
