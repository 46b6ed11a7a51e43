extension ContainerFlags {
  mutating func setMounts(_ values: FlagValues, _ workingDirectory: String) throws(BundleError) {
    for text in values.texts("volume") { mounts.append(try MountRequest(volume: text, workingDirectory: workingDirectory)) }
    mounts += try values.values("mount") { text throws(InvalidValue) in
      try MountRequest(mount: text, workingDirectory: workingDirectory)
    }
    for text in values.texts("tmpfs") { mounts.append(try MountRequest(tmpfs: text)) }
    var targets: Set<String> = []
    for mount in mounts where !targets.insert(mount.target).inserted {
      throw .refused("Duplicate mount point: \(mount.target)")
    }
    volumesFrom = values.texts("volumes-from")
    for text in volumesFrom {
      if text.isEmpty { throw .refused("volumes-from specification cannot be an empty string") }
      if let mode = text.cut(at: ":")?.after, !["", "ro", "rw", "z", "Z"].contains(mode) {
        throw .refused("invalid mode: \(mode)")
      }
    }
  }
}
