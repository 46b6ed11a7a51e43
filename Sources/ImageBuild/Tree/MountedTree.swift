internal import Linux
internal import SystemPackage

/// Opens a stack of unpacked layers, the topmost first, as one read-only directory. The mount has no place in the file system: it goes
/// with the descriptor.
func openTree(_ lowerdirs: [FilePath], empty: FilePath) throws(BuildError) -> RootDirectory {
  try attempting("cannot open a root file system") { () throws -> RootDirectory in
    if lowerdirs.isEmpty {
      try makeDirectories(empty)
      return try RootDirectory(empty)
    }
    if lowerdirs.count == 1 { return try RootDirectory(lowerdirs[0]) }
    return RootDirectory(try overlayMount(lowerdirs))
  }
}

/// A detached overlay of directories, read-only unless there is an `upper` and its `work`.
func overlayMount(_ lowerdirs: [FilePath], upper: (directory: FilePath, work: FilePath)? = nil) throws(SystemError) -> OwnedDescriptor {
  func finish(_ context: borrowing FileSystemContext) throws(SystemError) -> OwnedDescriptor {
    guard let upper else { return try context.mount(.readOnly) }
    try context.set("upperdir", path: upper.directory)
    try context.set("workdir", path: upper.work)
    return try context.mount()
  }
  do {
    let context = try FileSystemContext.overlay()
    for lower in lowerdirs { try context.set("lowerdir+", path: lower) }
    return try finish(context)
  } catch  where error.errno == .invalidArgument && error.object?.contains("lowerdir+") == true {
    // Before Linux 6.5 there is one option for all of them.
    let context = try FileSystemContext.overlay()
    try context.set("lowerdir", lowerdirs.map(\.string).joined(separator: ":"))
    return try finish(context)
  }
}
