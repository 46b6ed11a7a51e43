package import Linux
package import SystemPackage

/// A container's network namespace (network_namespaces(7)).
package struct NetworkNamespace: ~Copyable {
  package let descriptor: OwnedDescriptor
  /// The same for as long as the namespace is there, whatever path leads to it.
  package let inode: UInt64
  private let name: String

  /// Opens a namespace's file: `/proc/PID/ns/net`, `/run/netns/NAME`. One that is the caller's own is refused.
  package init(_ path: FilePath) throws(NetworkError) {
    name = "network namespace \(quoted(path))"
    do throws(SystemError) {
      let opened = try openFile(path, .readOnly)
      guard try opened.namespaceKind() == .network else { throw SystemError("open", path, .invalidArgument) }
      let own = try openFile(FilePath("/proc/self/ns/net"), .readOnly).status(), other = try opened.status()
      if own.inode == other.inode, own.device == other.device { throw SystemError("attach", "the host's own namespace", .invalidArgument) }
      inode = other.inode
      descriptor = opened
    } catch {
      throw NetworkError(name, error)
    }
  }

  /// A socket that speaks to the kernel about this namespace. The caller is back in its own when this returns.
  func routeSocket() throws(NetworkError) -> NetlinkSocket {
    do throws(SystemError) {
      let own = try openFile(FilePath("/proc/self/ns/net"), .readOnly)
      try descriptor.enterNamespaces(.network, object: name)
      do throws(SystemError) {
        let socket = try NetlinkSocket(.route)
        try own.enterNamespaces(.network, object: "the host's network namespace")
        return socket
      } catch {
        try own.enterNamespaces(.network, object: "the host's network namespace")
        throw error
      }
    } catch {
      throw NetworkError(name, error)
    }
  }
}
