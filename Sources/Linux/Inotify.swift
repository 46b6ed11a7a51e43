internal import CLinux
internal import Glibc
package import SystemPackage

/// inotify(7) on one file, for changes of its content (`IN_MODIFY`) and its end (`IN_DELETE_SELF`, `IN_IGNORED`).
package func watchFile(_ path: FilePath) throws(SystemError) -> OwnedDescriptor {
  let descriptor = OwnedDescriptor(try valueOrError("inotify_init") { inotify_init1(Int32(IN_CLOEXEC)) })
  let number = descriptor.rawValue
  try nothingOrError("inotify_add_watch", quoted(path)) {
    unsafe path.withPlatformString { name in unsafe inotify_add_watch(number, name, UInt32(IN_MODIFY | IN_DELETE_SELF)) }
  }
  return descriptor
}
