internal import Linux

/// One piece of the tar stream and room for its compressed form, handed between the writing thread and the compressing ones.
/// Whoever has it from a queue is the only one to touch it.
@safe
final class Chunk: @unchecked Sendable {
  /// Fixed: where the stream is cut decides the compressed bytes.
  static let size = 1 << 20

  let input: UnsafeMutableRawBufferPointer
  var inputCount = 0
  let output: UnsafeMutableRawBufferPointer
  var outputCount = 0
  /// Set by the compressing thread; nil text is success.
  let result = Monitored<Result?>(nil)

  enum Result: Sendable {
    case done
    case failed(String)
  }

  init(outputSize: Int) {
    unsafe input = .allocate(byteCount: Chunk.size, alignment: 64)
    unsafe output = .allocate(byteCount: max(outputSize, 1), alignment: 64)
  }

  deinit {
    unsafe input.deallocate()
    unsafe output.deallocate()
  }

  var isFull: Bool { inputCount == Chunk.size }
  var space: UnsafeMutableRawBufferPointer { unsafe UnsafeMutableRawBufferPointer(rebasing: input[inputCount...]) }
  var content: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(rebasing: input[..<inputCount]) }
  var compressed: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(rebasing: output[..<outputCount]) }
}
