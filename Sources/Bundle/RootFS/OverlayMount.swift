package import Linux
package import SystemPackage

/// A bundle's root file system: overlayfs over the image's unpacked layers, what the container writes in `upper/`.
package struct OverlayMount: Sendable {
  /// The bundle.
  package let directory: FilePath
  /// The topmost first, each an unpacked layer. None at all is an image without layers.
  package let lowerdirs: [FilePath]

  package init(directory: FilePath, lowerdirs: [FilePath]) {
    self.directory = directory
    self.lowerdirs = lowerdirs
  }

  package var rootfs: FilePath { directory.appending("rootfs") }

  /// Mounts it in the caller's mount namespace; nothing happens where it is mounted already.
  package func mount() throws(BundleError) {
    let overlay = self
    try attempting("mount the root file system") { () throws(SystemError) in
      if try overlay.isMounted() { return }
      let lowers = try overlay.openLowers()
      try overlay.prepare(lowers)
      let detached = try overlay.create(lowers)
      let target = try openFile(overlay.rootfs, [.path, .directory, .noFollow])
      try detached.attachMount(on: target, object: quoted(overlay.rootfs))
    }
  }

  /// Takes every mount away from `rootfs`; nothing happens where there is none.
  package func unmount() throws(BundleError) {
    let overlay = self
    try attempting("unmount the root file system") { () throws(SystemError) in
      while try overlay.isMounted() { try detachMount(overlay.rootfs) }
    }
  }

  /// Whether anything is mounted on `rootfs`: it is then another device than the bundle around it, or another mount of it.
  package func isMounted() throws(SystemError) -> Bool {
    do {
      let place = try fileStatus(rootfs, following: false)
      return try place.device != fileStatus(directory).device
    } catch  where error.errno == .noSuchFileOrDirectory {
      return false
    }
  }

  /// The directories that overlayfs needs. `upper` gets the owner and mode of the image's own root, since its root is the one that shows.
  private func prepare(_ lowers: [LowerLayer]) throws(SystemError) {
    try makeDirectories(rootfs)
    try makeDirectories(directory.appending("work"), mode: 0o700)
    let upper = directory.appending("upper")
    if let top = lowers.first, (try? fileStatus(upper)) == nil {
      let root = try top.root.status()
      try makeDirectories(upper)
      let opened = try openFile(upper, [.readOnly, .directory, .noFollow])
      try opened.changeOwner(userID: root.userID, groupID: root.groupID)
      try opened.changeMode(root.permissions)
    } else {
      try makeDirectories(upper)
    }
    // overlayfs wants at least one lower directory.
    if lowerdirs.isEmpty { try makeDirectories(directory.appending("empty")) }
  }

  private var lowest: [FilePath] { lowerdirs.isEmpty ? [directory.appending("empty")] : lowerdirs }

  /// Opened before the upper directory is made: what is mounted for it goes with the answer, unless overlayfs has taken it.
  private func openLowers() throws(SystemError) -> [LowerLayer] {
    var lowers: [LowerLayer] = []
    for lower in lowerdirs { lowers.append(try LowerLayer(lower)) }
    return lowers
  }

  private func create(_ lowers: [LowerLayer]) throws(SystemError) -> OwnedDescriptor {
    do { return try createByKeys(lowers) } catch  where error.errno == .invalidArgument && error.object?.contains("lowerdir+") == true {
      if lowers.contains(where: \.isIndex) { throw error }
      return try createByLinks()
    }
  }

  /// One `lowerdir+` a layer (Linux 6.5), so that 127 long paths fit and none is parsed for colons.
  private func createByKeys(_ lowers: [LowerLayer]) throws(SystemError) -> OwnedDescriptor {
    let context = try FileSystemContext.overlay()
    for (path, lower) in zip(lowerdirs, lowers) {
      if lower.isIndex { try context.set("lowerdir+", lower.root) } else { try context.set("lowerdir+", path: path) }
    }
    if lowers.isEmpty { try context.set("lowerdir+", path: directory.appending("empty")) }
    try context.set("upperdir", path: directory.appending("upper"))
    try context.set("workdir", path: directory.appending("work"))
    if OwnUserNamespace.isInitial {
      // Whatever the kernel's defaults are: a layer has no word for a renamed directory, nor for a file of which only the metadata is
      // copied up. With userxattr there is neither.
      try context.set("redirect_dir", "nofollow")
      try context.set("metacopy", "off")
    }
    return try context.mount()
  }

  /// Older kernels take one string of at most a page: the layers get names of one to three digits there, and the working directory is
  /// where those are.
  private func createByLinks() throws(SystemError) -> OwnedDescriptor {
    let links = directory.appending(".lower")
    try removeTree(links)
    try makeDirectories(links)
    let place = try openFile(links, [.readOnly, .directory])
    let before = try openFile(".", [.path, .directory])
    for (number, lower) in lowest.enumerated() { try place.makeSymbolicLink(FilePath("\(number)"), to: lower.bytes) }
    try place.becomeWorkingDirectory()
    defer { try? before.becomeWorkingDirectory() }
    let names = lowest.indices.map(String.init).joined(separator: ":")
    let attributes = OwnUserNamespace.isInitial ? ",redirect_dir=nofollow,metacopy=off" : ",userxattr"
    let target = try openFile(rootfs, [.path, .directory, .noFollow])
    try Linux.mount("tote", on: target.procPath, type: "overlay", data: "lowerdir=\(names),upperdir=../upper,workdir=../work" + attributes)
    // What is mounted now is moved to where it is by the caller; a clone of it is detached, so take the first one away.
    let mounted = try openFile(rootfs, [.path, .directory, .noFollow]).cloneMount(recursive: false, object: quoted(rootfs))
    try detachMount(rootfs)
    return mounted
  }
}
