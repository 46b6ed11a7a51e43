internal import Glibc
internal import SystemPackage

/// One POSIX thread that runs a closure. Join it before the process forks.
@safe
package final class Thread {
  private var thread: pthread_t
  private var joined = false

  package init(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
    let box = unsafe Unmanaged.passRetained(Body(body))
    thread = pthread_t()
    let result = unsafe pthread_create(
      &thread, nil,
      { argument in
        if let argument = unsafe argument { unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, box.toOpaque())
    if result != 0 {
      unsafe box.release()
      throw SystemError("pthread_create", nil, Errno(rawValue: result))
    }
  }

  /// Waits for the closure to return.
  package func join() {
    if joined { return }
    joined = true
    _ = pthread_join(thread, nil)
  }

  deinit { join() }

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
