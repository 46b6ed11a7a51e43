internal import Glibc
internal import SystemPackage

/// Runs one system call that reports failure by a negative value and errno, again after EINTR, and names call and object in the error.
@inline(__always)
package func valueOrError<Value: SignedInteger>(
  _ call: @autoclosure () -> String, _ object: @autoclosure () -> String? = nil, retryOnInterrupt: Bool = true,
  _ body: () -> Value
) throws(SystemError) -> Value {
  while true {
    let value = body()
    if value >= 0 { return value }
    let reason = Errno(rawValue: Glibc.errno)
    if retryOnInterrupt, reason == .interrupted { continue }
    throw SystemError(call(), object(), reason)
  }
}

/// As ``valueOrError(_:_:retryOnInterrupt:_:)`` for calls whose value says nothing.
@inline(__always)
package func nothingOrError<Value: SignedInteger>(
  _ call: @autoclosure () -> String, _ object: @autoclosure () -> String? = nil, retryOnInterrupt: Bool = true,
  _ body: () -> Value
) throws(SystemError) {
  _ = try valueOrError(call(), object(), retryOnInterrupt: retryOnInterrupt, body)
}
