internal import Linux

/// Reads another source ahead on a thread of its own: decompression and digests on one processor, files on the other.
@safe
final class PrefetchingSource: ByteSource {
  @safe
  private final class Block: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer
    var count = 0

    init(_ size: Int) { unsafe bytes = .allocate(byteCount: size, alignment: 64) }
    deinit { unsafe bytes.deallocate() }
  }

  /// The upstream source is the thread's alone from the start of the thread to its end.
  private struct Upstream: @unchecked Sendable { let source: any ByteSource }

  private let filled: BoundedQueue<Result<Block, LayerError>>
  private let empty: BoundedQueue<Block>
  private let thread: Thread
  private var current: Block?
  private var taken = 0
  private var ended: Result<Void, LayerError>?

  init(_ upstream: any ByteSource, blocks: Int = 4, blockSize: Int = 512 << 10) throws(LayerError) {
    filled = BoundedQueue(capacity: blocks + 1)
    empty = BoundedQueue(capacity: blocks)
    for _ in 0..<blocks { _ = empty.push(Block(blockSize)) }
    let (filled, empty, upstream) = (filled, empty, Upstream(source: upstream))
    do {
      thread = try Thread { fill(upstream.source, empty, filled) }
    } catch { throw LayerError(nil, .system(error)) }

    @Sendable func fill(
      _ source: any ByteSource, _ empty: BoundedQueue<Block>, _ filled: BoundedQueue<Result<Block, LayerError>>
    ) {
      while let block = empty.pop() {
        do throws(LayerError) {
          block.count = try unsafe source.read(into: block.bytes)
          let isEnd = block.count == 0
          if !filled.push(.success(block)) || isEnd { return }
        } catch {
          _ = filled.push(.failure(error))
          return
        }
      }
    }
  }

  deinit { stop() }

  /// Ends the thread, wherever it is.
  func stop() {
    empty.close()
    filled.close()
    thread.join()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
    if let ended {
      try ended.get()
      return 0
    }
    if current == nil { try takeBlock() }
    guard let block = current else { return 0 }
    let count = min(buffer.count, block.count - taken)
    unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: block.bytes[taken..<(taken + count)]))
    taken += count
    if taken == block.count {
      current = nil
      _ = empty.push(block)
    }
    return count
  }

  private func takeBlock() throws(LayerError) {
    switch filled.pop() {
    case .success(let block)? where block.count > 0:
      current = block
      taken = 0
    case .failure(let error)?:
      ended = .failure(error)
      throw error
    case .success?, nil: ended = .success(())
    }
  }
}
