extension MountRequest {
  /// `--tmpfs TARGET[:OPTIONS]`.
  package init(tmpfs text: String) throws(BundleError) {
    let parts = text.cut(at: ":")
    self.init(.tmpfs, target: parts?.before ?? text)
    try checkTarget(target) { .refused("invalid tmpfs '\(text)': \($0)") }
    target = cleanPath(target)
    isTmpfsFlag = true
    tmpfsOptions = (parts?.after ?? "").split(separator: ",").map(String.init)
    for option in tmpfsOptions where !isTmpfsOption(option) {
      throw .refused("invalid tmpfs option [\(goQuoted(option))]")
    }
    readOnly = tmpfsOptions.contains("ro")
  }

  /// docker's defaults, then the user's, where a later word takes back an earlier one that it contradicts.
  package var mergedTmpfsOptions: [String] {
    var merged: [String] = []
    for option in ["noexec", "nosuid", "nodev", "rprivate"] + tmpfsOptions {
      let name = option.cut(at: "=")?.before ?? option
      merged.removeAll { previous in
        let other = previous.cut(at: "=")?.before ?? previous
        return other == name || tmpfsOpposites.contains([name, other])
          || (propagationModes.contains(name) && propagationModes.contains(other))
      }
      merged.append(option)
    }
    return merged
  }
}

/// tmpfs(5) and the flags of mount(8) that go with it.
private func isTmpfsOption(_ option: String) -> Bool {
  if let (name, value) = option.cut(at: "=") {
    return ["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol"].contains(name) && !value.isEmpty
  }
  return tmpfsOpposites.contains { $0.contains(option) } || propagationModes.contains(option)
    || ["unbindable", "runbindable", "strictatime", "defaults"].contains(option)
}

private let tmpfsOpposites: Set<Set<String>> = [
  ["exec", "noexec"], ["suid", "nosuid"], ["dev", "nodev"], ["ro", "rw"], ["atime", "noatime"], ["diratime", "nodiratime"],
  ["relatime", "norelatime"], ["sync", "async"], ["dirsync", "nodirsync"],
]
