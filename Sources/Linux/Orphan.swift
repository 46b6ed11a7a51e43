internal import CLinux
internal import Glibc
internal import SystemPackage

/// Runs `body` in a child process that nobody waits for, and returns a pidfd of it: for what the kernel takes its time over and whose
/// outcome is seen elsewhere. Only for a process of one thread.
///
/// The child has no descriptors but `kept`: so it holds no pipe that somebody reads to the end, and a lock only if that is what it is for.
/// Errors in it are nobody's.
package func orphan(keeping kept: [Int32], _ body: () throws -> Void) throws(SystemError) -> OwnedDescriptor {
  if let child = try cloneProcess() { return child.takeDescriptor() }
  var next: UInt32 = 0
  for descriptor in kept.sorted() where descriptor >= next {
    if UInt32(descriptor) > next { _ = clinux_close_range(next, UInt32(descriptor) - 1, 0) }
    next = UInt32(descriptor) + 1
  }
  _ = clinux_close_range(next, .max, 0)
  try? body()
  exitNow(0)
}

extension ChildProcess {
  /// Gives up everything but the pidfd.
  package consuming func takeDescriptor() -> OwnedDescriptor { descriptor }
}
