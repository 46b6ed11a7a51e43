internal import SystemPackage

extension OwnedDescriptor {
  /// Waits until the process that this pidfd is has ended, or the time is over; whether it has.
  package func awaitEnd(milliseconds: Int) throws(SystemError) -> Bool {
    let deadline = monotonicNanoseconds() &+ UInt64(min(milliseconds, 1 << 40)) * 1_000_000
    while true {
      let now = monotonicNanoseconds()
      let left = deadline > now ? (deadline - now) / 1_000_000 : 0
      do { if try isReadable(within: Int32(min(left, 1 << 30))) { return true } } catch  where error.errno == .interrupted { continue }
      if left == 0 { return false }
    }
  }
}
