internal import Linux
internal import SystemPackage

/// The executable that a container could reach through `/proc/PID/exe` must not be one that it can write (CVE-2019-5736).
package enum SelfProtection {
  /// Starts this program again from a detached, read-only clone of the mount it lies on, or, where we may not clone mounts,
  /// from a sealed copy in memory. Returns only where the program already runs from a read-only mount.
  ///
  /// Must come before anything else: it is an execve(2), and /proc of the host is still there for Swift to start with.
  package static func enterReadOnlyClone(_ arguments: [String]) throws(RuntimeError) {
    let this = try attempting("our own executable") { () throws(SystemError) in try openFile("/proc/self/exe", .path) }
    if (try? this.fileSystemStatus())?.isReadOnly == true || (try? this.isSealed()) == true { return }
    let image = try attempting("our own executable") { () throws(SystemError) in try protectedImage(this) }
    do throws(SystemError) { try image.execute(arguments, environment: Environment.all) } catch {
      throw .system("our own executable", error)
    }
  }

  private static func protectedImage(_ this: borrowing OwnedDescriptor) throws(SystemError) -> OwnedDescriptor {
    do throws(SystemError) {
      let clone = try this.cloneMount(recursive: false, object: "'/proc/self/exe'")
      try clone.changeMount(set: .readOnly, object: "'/proc/self/exe'")
      return clone
    } catch {
      return try OwnedDescriptor.sealedCopy(of: "/proc/self/exe")
    }
  }
}
