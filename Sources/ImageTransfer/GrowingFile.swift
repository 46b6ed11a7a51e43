internal import LayerArchive
internal import Linux
internal import Registry

/// A file that one thread writes and others read at the same time: they wait for what is to come.
final class GrowingFile: Sendable {
  private struct State {
    var size: Int64 = 0
    var end: Result<Void, any Error>?
  }

  private let file: OwnedDescriptor
  private let state = Monitored(State())

  /// `file` is a descriptor for reading.
  init(_ file: consuming OwnedDescriptor) { self.file = file }

  func grow(to size: Int64) { state.withLock { $0.size = size } }

  /// Nothing more will come: because all is there, or because of an error, which readers get too.
  func end(_ result: Result<Void, any Error> = .success(())) { state.withLock { $0.end = result } }

  /// Fills `buffer` from `offset` on with what is there, and waits until something is; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws -> Int {
    let there: Result<Int64, any Error> = state.wait { state in
      if state.size > offset { return .success(state.size - offset) }
      switch state.end {
      case .failure(let error)?: return .failure(error)
      case .success?: return .success(0)
      case nil: return nil
      }
    }
    let count = Int(min(try there.get(), Int64(buffer.count)))
    return count == 0 ? 0 : try unsafe file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]), at: offset)
  }
}

extension GrowingFile: BodySource {}

/// Reads a layer that is still coming in, from its beginning.
final class GrowingLayer: ByteSource {
  private let file: GrowingFile
  private var position: Int64 = 0

  init(_ file: GrowingFile) { self.file = file }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
    let count: Int
    do { count = try unsafe file.read(into: buffer, at: position) } catch { throw LayerError(nil, .refused("\(error)")) }
    position += Int64(count)
    return count
  }
}
