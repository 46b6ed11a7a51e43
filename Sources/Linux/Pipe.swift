internal import CLinux
internal import Glibc

/// A pipe(2), both ends close-on-exec.
package struct Pipe: ~Copyable {
  package let reader: OwnedDescriptor
  package let writer: OwnedDescriptor

  package init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    try nothingOrError("pipe") { unsafe clinux_pipe2(&ends, O_CLOEXEC) }
    reader = OwnedDescriptor(ends[0])
    writer = OwnedDescriptor(ends[1])
  }

  /// Gives up the writing end, so that the reader sees the end when the child's copy goes.
  package consuming func keepReader() -> OwnedDescriptor { reader }
  /// Gives up the reading end.
  package consuming func keepWriter() -> OwnedDescriptor { writer }
}
