internal import CLinux
internal import Glibc

/// eventfd(2), close-on-exec; reads give 8 bytes.
package func makeEventDescriptor() throws(SystemError) -> OwnedDescriptor {
  OwnedDescriptor(try valueOrError("eventfd") { eventfd(0, Int32(EFD_CLOEXEC)) })
}
