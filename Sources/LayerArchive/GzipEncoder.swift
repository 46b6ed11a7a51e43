internal import Linux

/// gzip over several threads, the same bytes whatever their number: every chunk is a run of deflate blocks that ends on a byte
/// boundary and refers to nothing before it (FULL_FLUSH), and the runs are joined as one gzip member (RFC 1952).
final class GzipEncoder: LayerEncoder {
  private let level: Int
  private let work: BoundedQueue<Chunk>
  private var threads: [Thread] = []
  private var idle: [Chunk] = []
  /// Chunks that were handed out to be compressed, in the stream's order.
  private var pending: [Chunk] = []
  private let capacity: Int
  private var allocated = 0
  private var checksum: UInt32 = 0
  private var size: UInt64 = 0
  private var started = false

  init(level: Int, threads count: Int) throws(LayerError) {
    self.level = level
    capacity = 2 * count + 1
    work = BoundedQueue(capacity: capacity)
    for _ in 0..<count {
      let work = work
      threads.append(try naming(nil) { () throws(SystemError) in try Thread { compressAll(work, level: level) } })
    }
  }

  deinit {
    work.close()
    for thread in threads { thread.join() }
  }

  func emptyChunk(_ output: inout BlobOutput) throws(LayerError) -> Chunk {
    if let chunk = idle.popLast() { return chunk }
    if allocated < capacity {
      allocated += 1
      return Chunk(outputSize: deflateBound(Chunk.size, level: level))
    }
    return try writeOldest(&output)
  }

  func encode(_ chunk: Chunk, _ output: inout BlobOutput) throws(LayerError) {
    checksum = unsafe crc32(checksum, chunk.content)
    size += UInt64(chunk.inputCount)
    pending.append(chunk)
    _ = work.push(chunk)
  }

  func finish(_ output: inout BlobOutput) throws(LayerError) {
    while !pending.isEmpty { idle.append(try writeOldest(&output)) }
    work.close()
    try writeHeader(&output)
    // An empty final block, then CRC-32 and length (RFC 1951 3.2.6, RFC 1952 2.3.1).
    try output.write([0x03, 0x00] + littleEndian(checksum) + littleEndian(UInt32(truncatingIfNeeded: size)))
  }

  private func writeOldest(_ output: inout BlobOutput) throws(LayerError) -> Chunk {
    let chunk = pending.removeFirst()
    let result = chunk.result.wait { result -> Chunk.Result? in
      defer { if result != nil { result = nil } }
      return result
    }
    if case .failed(let problem) = result { throw LayerError(nil, .refused(problem)) }
    try writeHeader(&output)
    try unsafe output.write(chunk.compressed)
    chunk.inputCount = 0
    return chunk
  }

  private func writeHeader(_ output: inout BlobOutput) throws(LayerError) {
    if started { return }
    started = true
    // No name, no time, unknown system: nothing that differs between two machines.
    try output.write([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff])
  }
}

/// The compressing thread's life.
private func compressAll(_ work: BoundedQueue<Chunk>, level: Int) {
  let deflater = chunkDeflater(level: level)
  while let chunk = work.pop() {
    let done = deflater.compress(chunk)
    chunk.result.withLock { $0 = done ? .done : .failed("gzip: a chunk could not be compressed") }
  }
}

private func littleEndian(_ value: UInt32) -> [UInt8] {
  [UInt8(value & 255), UInt8(value >> 8 & 255), UInt8(value >> 16 & 255), UInt8(value >> 24)]
}
