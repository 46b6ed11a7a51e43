internal import Linux
package import SystemPackage

/// A path of an archive: bytes that need not be UTF-8, with `/` between components.
///
/// Never compared as `String`, which takes NFC and NFD, and all that is not UTF-8, for the same.
package struct BytePath: Hashable, Sendable, ExpressibleByStringLiteral {
  package var bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }
  package init(_ text: String) { bytes = Array(text.utf8) }
  package init(stringLiteral text: String) { self.init(text) }
  package init(_ path: FilePath) { bytes = path.bytes }

  package init(components: some Sequence<[UInt8]>) {
    bytes = Array(components.joined(separator: [slash]))
  }

  package var isEmpty: Bool { bytes.isEmpty }

  /// The components, without the empty ones and `.`.
  package var components: [[UInt8]] {
    bytes.split(separator: slash).filter { $0.elementsEqual([dot]) == false }.map(Array.init)
  }

  package func appending(_ name: [UInt8]) -> BytePath {
    bytes.isEmpty ? BytePath(name) : BytePath(bytes + [slash] + name)
  }

  /// The path taken relative to a root: no leading `/` or `./`, no empty component and no trailing `/`; empty for the root itself.
  /// Nil where it holds a NUL or a `..`, which a layer has no use for (layer.md: names are relative to the root file system).
  package var normalized: BytePath? {
    if isNormal { return self }
    if bytes.contains(0) { return nil }
    let components = components
    if components.contains([dot, dot]) { return nil }
    return BytePath(components: components)
  }

  private var isNormal: Bool {
    var start = true
    var dots = 0
    for byte in bytes {
      switch byte {
      case 0: return false
      case slash:
        if start || dots > 0 { return false }
        start = true
        continue
      case dot where start: dots = 1
      case dot where dots == 1: dots = 2
      default: dots = 0
      }
      start = false
    }
    return bytes.isEmpty || (!start && dots == 0)
  }

  /// The directory's path and the last component; nil for the root.
  package var split: (parent: BytePath, name: [UInt8])? {
    if bytes.isEmpty { return nil }
    guard let last = bytes.lastIndex(of: slash) else { return (BytePath([]), bytes) }
    return (BytePath(Array(bytes[..<last])), Array(bytes[(last + 1)...]))
  }

  /// For system calls below a directory descriptor; `.` for the root.
  package var filePath: FilePath { bytes.isEmpty ? FilePath(".") : FilePath(bytes: bytes) }
}

extension BytePath: CustomStringConvertible {
  /// The path for a person: control characters and what is not UTF-8 as `\n`, `\t` or `\xNN`, a backslash doubled.
  package var description: String {
    var text = ""
    var rest = bytes[...]
    while let byte = rest.first {
      switch byte {
      case 10: text += "\\n"
      case 9: text += "\\t"
      case 92: text += "\\\\"
      case 32..<127: text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        if byte >= 0xc2, let scalar = scalar(at: rest) {
          text.unicodeScalars.append(scalar)
          rest = rest.dropFirst(String(scalar).utf8.count)
          continue
        }
        text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
      rest = rest.dropFirst()
    }
    return text
  }

  private func scalar(at bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
    for count in 2...4 where bytes.count >= count {
      if let text = String(validating: bytes.prefix(count), as: UTF8.self), text.unicodeScalars.count == 1,
        let scalar = text.unicodeScalars.first, scalar.value >= 0xa0
      {
        return scalar
      }
    }
    return nil
  }
}

let slash = UInt8(ascii: "/")
let dot = UInt8(ascii: ".")
