internal import Linux
package import SystemPackage

/// The directory that is a container's `/`: as its first process sees it, volumes and tmpfs included, where it runs; else the
/// bundle's root file system, mounted if it is not.
package func rootDirectory(of container: StoredContainer, _ places: Places) throws(BundleError) -> FilePath {
  let state = try ContainerState(container, places)
  if state.pid != 0 { return FilePath("/proc/\(state.pid)/root") }
  try mountBundle(container.directory)
  return container.directory.appending("rootfs")
}
