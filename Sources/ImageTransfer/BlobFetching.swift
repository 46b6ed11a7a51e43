internal import ImageStore
internal import Linux
internal import OCIImageSpec
internal import Registry

/// Fetches blobs of one repository into the store.
struct BlobFetching: Sendable {
  let store: ImageStore
  let hold: ContentHold
  let report: @Sendable (TransferEvent) -> Void
  /// Where a reader can follow what is coming in.
  let arrivals: Arrivals

  /// Fetches what the store has not, on up to `jobs` connections at once.
  func fetch(_ blobs: [Descriptor], from repository: RemoteRepository, jobs: Int) throws {
    report(.planned(blobs))
    do {
      try inParallel(blobs, jobs: jobs, worker: { try repository.sibling() }) { blob, repository, stop in
        try fetch(blob, from: repository) { bytes in
          report(.progress(blob, bytes))
          try stop()
        }
      }
    } catch {
      arrivals.fail(error)
      throw error
    }
  }

  /// Fetches one blob, checked byte by byte against its descriptor, and named only when whole.
  func fetch(_ blob: Descriptor, from repository: RemoteRepository, progress: (Int64) throws -> Void = { _ in }) throws {
    let name = "\(repository.name): blob \(blob.digest)"
    // What a process before us has left may be damaged; then it is thrown away, and everything fetched.
    for _ in 0..<2 {
      guard let partial = try store.partialBlob(hold, blob.digest, size: blob.size) else {
        arrivals.store(blob.digest)
        return report(.exists(blob))
      }
      let file = GrowingFile(try partial.reader())
      file.grow(to: partial.size)
      arrivals.begin(blob.digest, file)
      do {
        try withoutActuallyEscaping(progress) { progress in
          let download = BlobDownload(to: partial, named: name) { bytes in
            file.grow(to: bytes)
            try progress(bytes)
          }
          if partial.size < blob.size { try repository.client.download(repository.path, blob, into: download, received: { partial.size }) }
        }
        try partial.finish()
        file.end()
        return report(.done(blob))
      } catch {
        file.end(.failure(error))
        guard let error = error as? ImageStoreError else { throw error }
        guard error.isUnexpectedDigest, partial.resumedSize > 0 else { throw error.blaming(name) }
      }
    }
  }
}

/// The layers of a pull as far as they have come, for the thread that unpacks them meanwhile.
final class Arrivals: Sendable {
  enum Arrival {
    case growing(GrowingFile)
    case stored
  }
  private struct State {
    var arrivals: [Digest: Arrival] = [:]
    var failure: (any Error)?
  }
  private let state = Monitored(State())

  func begin(_ digest: Digest, _ file: GrowingFile) { state.withLock { $0.arrivals[digest] = .growing(file) } }
  func store(_ digest: Digest) { state.withLock { $0.arrivals[digest] = .stored } }
  func fail(_ error: any Error) { state.withLock { $0.failure = error } }

  /// Waits until the blob is there or has begun to come.
  func await(_ digest: Digest) throws -> Arrival {
    let result: Result<Arrival, any Error> = state.wait { state in
      if let arrival = state.arrivals[digest] { return .success(arrival) }
      return state.failure.map { .failure($0) }
    }
    return try result.get()
  }
}
