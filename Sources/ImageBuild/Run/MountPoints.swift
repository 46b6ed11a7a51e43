internal import JSON
internal import LayerArchive
internal import Linux
internal import SystemPackage

/// The files and directories that the runtime makes in a root file system only to mount something upon: no part of the layer.
struct MountPoints {
  private struct Parent {
    let path: BytePath
    let permissions: UInt32
    let userID: UInt32
    let groupID: UInt32
  }

  /// What is missing before the step runs, those above before those below.
  private var missing: [BytePath] = []
  /// Directories that are there already, in which the runtime makes something.
  private var parents: [Parent] = []

  /// Looks at a bundle whose root file system is mounted and in which nothing has run.
  init(of bundle: FilePath) throws {
    let config = try JSONValue(parsing: try readFile(bundle.appending("config.json")))
    let root = SourceRoot(try RootDirectory(bundle.appending("rootfs")), isContext: false, label: "the root file system")
    var seen: Set<BytePath> = []
    for mount in config["mounts"]?.arrayValue ?? [] {
      guard let destination = mount["destination"]?.stringValue else { continue }
      try add(BytePath(destination), in: root, &seen)
    }
  }

  private mutating func add(_ destination: BytePath, in root: SourceRoot, _ seen: inout Set<BytePath>) throws {
    var walked = BytePath("")
    var isMissing = false
    for component in destination.components {
      let next = walked.appending(component)
      if !isMissing {
        if let (found, status) = try root.resolve(next) {
          if status.kind == .directory { walked = found } else { return }
          continue
        }
        isMissing = true
        var ancestor = walked
        while let (parent, _) = ancestor.split {
          if seen.insert(ancestor).inserted, let status = try root.status(ancestor) {
            parents.append(Parent(path: ancestor, permissions: status.permissions, userID: status.userID, groupID: status.groupID))
          }
          ancestor = parent
        }
      }
      walked = next
      if seen.insert(walked).inserted { missing.append(walked) }
    }
  }

  /// Removes from an upper directory what was made to be mounted upon and is still empty, and directories that have only been copied up
  /// for it. The directory must not be part of a mount any more.
  func removeUnused(from upper: FilePath) throws {
    let root = SourceRoot(try RootDirectory(upper), isContext: false, label: "the step's files")
    for path in missing.reversed() {
      guard let status = try root.status(path) else { continue }
      if status.kind == .directory || status.kind == .regular && status.size == 0 { try remove(path, status, in: root) }
    }
    for parent in parents.sorted(by: { $0.path.bytes.count > $1.path.bytes.count }) {
      guard let status = try root.status(parent.path), status.kind == .directory, status.permissions == parent.permissions,
        status.userID == parent.userID, status.groupID == parent.groupID
      else { continue }
      // An opaque directory hides what is below: it says something even when it is empty.
      let directory = try root.openDirectory(parent.path)
      if try directory.descriptor.extendedAttribute(OverlayAttributes.prefix + "opaque") == nil {
        try remove(parent.path, status, in: root)
      }
    }
  }

  private func remove(_ path: BytePath, _ status: FileStatus, in root: SourceRoot) throws {
    guard let (parent, name) = path.split else { return }
    let directory = try root.openDirectory(parent)
    do throws(SystemError) {
      try directory.descriptor.remove(FilePath(bytes: name), directory: status.kind == .directory)
    } catch {
      guard error.errno == .directoryNotEmpty else { throw error }
    }
  }
}

/// Sets every time in a tree to whole seconds, none later than `latest`: the tree is then as its layer says. Sockets, which no layer
/// holds, are removed.
func normalizeTimes(_ path: FilePath, latest: Timestamp) throws(SystemError) {
  try normalizeTimes(openFile(path, [.readOnly, .directory]), latest)
}

private func normalizeTimes(_ directory: borrowing OwnedDescriptor, _ latest: Timestamp) throws(SystemError) {
  for entry in try directory.sortedEntries() {
    let name = FilePath(bytes: entry.name)
    let status = try directory.status(of: name)
    if status.kind == .socket {
      try directory.remove(name)
      continue
    }
    if status.kind == .directory { try normalizeTimes(directory.open(name, [.readOnly, .directory, .noFollow]), latest) }
    let time = Timestamp(seconds: min(status.modified.seconds, latest.seconds))
    if time != status.modified { try directory.setModified(of: name, time) }
  }
}
