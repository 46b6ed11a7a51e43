/// Bytes on their way out: they are handed on in large pieces, so that a long document never lies in memory as a whole.
@safe final class OutputBuffer {
  private let size: Int
  private let storage: UnsafeMutableRawBufferPointer
  private var count = 0
  private let sink: ([UInt8]) -> Void

  /// `sink` gets the bytes, in order, in pieces of up to `size`.
  init(size: Int = 256 << 10, _ sink: @escaping ([UInt8]) -> Void) {
    self.size = size
    unsafe storage = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    self.sink = sink
  }

  deinit { unsafe storage.deallocate() }

  func flush() {
    if count > 0 { sink(unsafe Array(storage[..<count])) }
    count = 0
  }

  func append(_ byte: UInt8) {
    if count == size { flush() }
    unsafe storage[count] = byte
    count += 1
  }

  func append(_ text: StaticString) {
    unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private func append(_ bytes: UnsafeRawBufferPointer) {
    if count + bytes.count > size {
      flush()
      if bytes.count > size {
        sink(unsafe Array(bytes))
        return
      }
    }
    unsafe UnsafeMutableRawBufferPointer(rebasing: storage[count...]).copyMemory(from: bytes)
    count += bytes.count
  }

  /// A number from 0 to 4,294,967,295.
  func append(_ number: Int) {
    if count + 10 > size { flush() }
    var rest = UInt32(clamping: number)
    let width =
      rest < 10
      ? 1
      : rest < 100
        ? 2
        : rest < 1_000
          ? 3
          : rest < 10_000
            ? 4
            : rest < 100_000
              ? 5
              : rest < 1_000_000
                ? 6
                : rest < 10_000_000 ? 7 : rest < 100_000_000 ? 8 : rest < 1_000_000_000 ? 9 : 10
    var index = count &+ width
    count = index
    repeat {
      index &-= 1
      unsafe storage[index] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
  }

  /// A JSON string with its quotes.
  func appendQuoted(_ text: String) {
    append(Byte.doubleQuote)
    var text = text
    text.withUTF8 { bytes in
      var start = 0
      for index in bytes.indices where unsafe Self.isSpecial(bytes[index]) {
        unsafe append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[start..<index]))
        unsafe appendEscaped(bytes[index])
        start = index + 1
      }
      unsafe append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[start...]))
    }
    append(Byte.doubleQuote)
  }

  private static func isSpecial(_ byte: UInt8) -> Bool { byte < 0x20 || byte == Byte.doubleQuote || byte == Byte.backslash }

  private func appendEscaped(_ byte: UInt8) {
    append(Byte.backslash)
    switch byte {
    case Byte.newline: append(UInt8(ascii: "n"))
    case Byte.tab: append(UInt8(ascii: "t"))
    case Byte.carriageReturn: append(UInt8(ascii: "r"))
    case Byte.doubleQuote, Byte.backslash: append(byte)
    default:
      append("u00")
      for digit in [byte >> 4, byte & 15] { append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
    }
  }
}
