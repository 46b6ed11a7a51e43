internal import Linux

/// The work of several threads: what is still to be done, and whether it has failed.
private struct Work {
  var next = 0
  var failure: (any Error)?
}

/// What ends a transfer when another one has failed.
struct Stopped: Error {}

/// Runs `body` once for each item, on up to `jobs` threads, each with a value of its own from `worker`. After the first error, which
/// is thrown, nothing is begun any more, and what is under way may ask (`stop`) whether it is still wanted.
func inParallel<Item: Sendable, Worker: Sendable>(
  _ items: [Item], jobs: Int, worker: () throws -> Worker,
  _ body: @escaping @Sendable (Item, Worker, _ stop: @escaping @Sendable () throws -> Void) throws -> Void
) throws {
  let work = Monitored(Work())
  let stop: @Sendable () throws -> Void = { if work.withLock({ $0.failure != nil }) { throw Stopped() } }
  let take: @Sendable () -> Item? = {
    work.withLock { work in
      guard work.failure == nil, work.next < items.count else { return nil }
      defer { work.next += 1 }
      return items[work.next]
    }
  }
  let threads = try (0..<max(1, min(jobs, items.count))).map { _ in
    let own = try worker()
    return try Thread {
      while let item = take() {
        do { try body(item, own, stop) } catch { work.withLock { work in if work.failure == nil { work.failure = error } } }
      }
    }
  }
  for thread in threads { thread.join() }
  if let failure = work.withLock({ $0.failure }) { throw failure }
}
