/// A queue between threads that holds at most `capacity` elements: who is ahead waits.
package final class BoundedQueue<Element: Sendable>: Sendable {
  private struct State {
    var elements: [Element] = []
    var closed = false
  }

  private let state = Monitored(State())
  private let capacity: Int

  package init(capacity: Int) { self.capacity = capacity }

  /// Waits for room. False where the queue has been closed: nobody will take the element.
  package func push(_ element: Element) -> Bool {
    state.wait { state in
      if state.closed { return false }
      if state.elements.count >= capacity { return nil }
      state.elements.append(element)
      return true
    }
  }

  /// Waits for an element; nil once the queue is closed and empty.
  package func pop() -> Element? {
    state.wait { state -> Element?? in
      if !state.elements.isEmpty { return .some(state.elements.removeFirst()) }
      return state.closed ? .some(nil) : nil
    }
  }

  package func close() { state.withLock { $0.closed = true } }
}
