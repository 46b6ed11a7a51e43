/// How mounts propagate to and from the root (config-linux.md#rootfs-mount-propagation); the recursive ones are
/// runc's addition.
package enum RootfsPropagation: String, Sendable, Codable, CaseIterable {
  case shared, slave, `private`, unbindable, rshared, rslave, rprivate, runbindable
}
