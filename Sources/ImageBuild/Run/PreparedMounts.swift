internal import ContentHash
internal import Dockerfile
internal import LayerArchive
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

/// The host's side of a step's mounts, for as long as the step runs. What is mounted for it is unmounted when this goes.
final class PreparedMounts {
  /// `ocibundle create`'s flags.
  private(set) var flags: [String] = []
  private(set) var environment: [String] = []
  private var mounted: [FilePath] = []
  private var locks: [HeldLock] = []

  private final class HeldLock {
    let lock: FileLock
    init(_ lock: consuming FileLock) { self.lock = lock }
  }

  deinit { for path in mounted.reversed() { try? detachMount(path) } }

  fileprivate func add(_ source: FilePath, at target: String, isReadOnly: Bool) throws(BuildError) {
    let fields = ["type=bind", "source=\(source)", "target=\(target)"] + (isReadOnly ? ["readonly"] : [])
    // A field with a comma or a quote is quoted as in a CSV file.
    flags += [
      "--mount",
      fields.map { $0.contains(where: { ",\"".contains($0) }) ? "\"\($0.replacing("\"", with: "\"\""))\"" : $0 }.joined(separator: ","),
    ]
  }

  fileprivate func addTmpfs(at target: String, size: Int64?) {
    flags += ["--mount", (["type=tmpfs", "target=\(target)"] + (size.map { ["tmpfs-size=\($0)"] } ?? [])).joined(separator: ",")]
  }

  fileprivate func addVariable(_ line: String) { environment.append(line) }

  /// Attaches a detached mount at `path`, which is made.
  fileprivate func attach(_ mount: consuming OwnedDescriptor, at path: FilePath) throws {
    try makeDirectories(path)
    let target = try openFile(path, [.path, .directory])
    try mount.attachMount(on: target, object: quoted(path))
    mounted.append(path)
  }

  /// Locks a cache's directory until the step is done; a private one is the first that nobody uses.
  fileprivate func lock(_ place: FilePath, _ sharing: ResolvedMount.Sharing) throws -> FilePath {
    func lockFile(_ place: FilePath) -> FilePath { FilePath(place.string + ".lock") }
    switch sharing {
    case .shared: locks.append(HeldLock(try FileLock(lockFile(place), .shared)))
    case .locked: locks.append(HeldLock(try FileLock(lockFile(place), .exclusive)))
    case .private:
      var number = 1
      while true {
        let chosen = FilePath("\(place.string).\(number)")
        do throws(SystemError) {
          locks.append(HeldLock(try FileLock(lockFile(chosen), .exclusive, waiting: false)))
          return chosen
        } catch {
          guard error.errno == .wouldBlock else { throw error }
        }
        number += 1
      }
    }
    return place
  }
}

extension Build {
  func prepare(_ mounts: StepMounts, script: (name: String, content: String)?) throws(BuildError) -> PreparedMounts {
    let prepared = PreparedMounts()
    if let script {
      let directory = workspace.fresh("script")
      try attempting("cannot write the script") {
        try makeDirectories(directory)
        try replaceFile(directory.appending(script.name), with: Array(script.content.utf8), mode: 0o755, durable: false)
      }
      try prepared.add(directory, at: "/dev/pipes", isReadOnly: true)
    }
    for mount in mounts.mounts {
      do throws(BuildError) { try prepare(mount, prepared) } catch { throw BuildError("--mount at '\(mount.target)': \(error.message)") }
    }
    for (name, secret) in mounts.environment {
      prepared.addVariable("\(name)=\(String(decoding: try content(of: secret), as: UTF8.self))")
    }
    if let socket = mounts.agentSocket { prepared.addVariable("SSH_AUTH_SOCK=\(socket)") }
    return prepared
  }

  private func prepare(_ mount: StepMount, _ prepared: PreparedMounts) throws(BuildError) {
    switch mount.source {
    case .tmpfs(let size): prepared.addTmpfs(at: mount.target, size: size)
    case .context(let name, let path): try prepareContext(try context(name), path, mount, prepared)
    case .state(let state, let label, let path):
      let root = try tree(state, label: label)
      guard let (found, status) = try root.resolve(BytePath(path)) else { throw try root.missing(path, BytePath(path)) }
      let lowers = try lowerdirs(state)
      try prepare(lowers, found, isDirectory: status.kind == .directory, mount, prepared)
    case .cache(let id, let sharing, let seed, let mode, let userID, let groupID):
      let directory = try cacheDirectory(id, sharing, seed, (mode, userID, groupID), prepared)
      try prepared.add(directory, at: mount.target, isReadOnly: mount.isReadOnly)
    case .secret(let secret, let mode, let userID, let groupID):
      let file = try secretFile(try content(of: secret), (mode, userID, groupID), prepared)
      try prepared.add(file, at: mount.target, isReadOnly: true)
    case .agent(let id, _):
      guard let socket = options.agents[id] else { return }
      try prepared.add(socket, at: mount.target, isReadOnly: false)
    }
  }

  /// A context is mounted as it is where nothing in it is left out and nothing may be written; else under an overlay that hides the one
  /// and takes the other, to be thrown away.
  private func prepareContext(_ root: SourceRoot, _ path: String, _ mount: StepMount, _ prepared: PreparedMounts) throws(BuildError) {
    guard let (found, status) = try root.resolve(BytePath(path)) else { throw try root.missing(path, BytePath(path)) }
    let real = try attempting("cannot find '\(path)' in \(root.label)") {
      let opened = try root.root.open(found.filePath, [.path], resolution: .noSymbolicLinks)
      let real = try readLink(opened.procPath)
      withExtendedLifetime(opened) {}
      return real
    }
    guard status.kind == .directory else { return try prepared.add(real, at: mount.target, isReadOnly: true) }
    var lowers = [real]
    if root.ignore != nil {
      let mask = workspace.fresh("mask")
      try writeMask(root, found, mask)
      lowers.insert(mask, at: 0)
    }
    try prepare(lowers, "", isDirectory: true, mount, prepared)
  }

  private func prepare(
    _ lowers: [FilePath], _ path: BytePath, isDirectory: Bool, _ mount: StepMount, _ prepared: PreparedMounts
  ) throws(BuildError) {
    let place: FilePath
    if mount.isReadOnly, lowers.count == 1 {
      place = lowers[0]
    } else {
      place = workspace.fresh("mount")
      let (upper, work) = (workspace.fresh("upper"), workspace.fresh("scratch"))
      try attempting("cannot mount it") {
        var lowers = lowers
        if lowers.isEmpty { lowers = [workspace.fresh("empty")] }
        for directory in lowers where (try? fileStatus(directory)) == nil { try makeDirectories(directory) }
        if mount.isReadOnly, lowers.count > 1 {
          try prepared.attach(try overlayMount(lowers), at: place)
        } else {
          try makeDirectories(upper)
          try makeDirectories(work)
          let top = try fileStatus(lowers[0])
          let opened = try openFile(upper, [.readOnly, .directory])
          try opened.changeOwner(userID: top.userID, groupID: top.groupID)
          try opened.changeMode(top.permissions)
          try prepared.attach(try overlayMount(lowers, upper: (upper, work)), at: place)
        }
      }
    }
    let source = path.isEmpty ? place : place.appending(path.filePath.components)
    try prepared.add(source, at: mount.target, isReadOnly: mount.isReadOnly)
  }

  /// A directory of overlayfs's whiteouts for all that the context's rules leave out.
  private func writeMask(_ root: SourceRoot, _ path: BytePath, _ mask: FilePath) throws(BuildError) {
    try attempting("cannot hide what is left out") {
      try makeDirectories(mask)
      let directory = try root.openDirectory(path)
      let status = try directory.descriptor.status()
      let opened = try openFile(mask, [.readOnly, .directory])
      try writeMask(root, path, directory, opened)
      try opened.changeOwner(userID: status.userID, groupID: status.groupID)
      try opened.changeMode(status.permissions)
    }
  }

  private func writeMask(_ root: SourceRoot, _ path: BytePath, _ directory: SourceDirectory, _ mask: borrowing OwnedDescriptor) throws {
    guard let ignore = root.ignore else { return }
    for entry in try directory.descriptor.sortedEntries() {
      let below = path.appending(entry.name)
      let name = FilePath(bytes: entry.name)
      let status = try directory.descriptor.status(of: name)
      let isIgnored = ignore.verdict(below.bytes).isIgnored
      guard status.kind == .directory else {
        if isIgnored { try mask.makeNode(name, .characterDevice, mode: 0) }
        continue
      }
      if isIgnored, ignore.canPrune(below.bytes) {
        try mask.makeNode(name, .characterDevice, mode: 0)
        continue
      }
      try mask.makeDirectory(name)
      let inner = try mask.open(name, [.readOnly, .directory, .noFollow])
      let opened = SourceDirectory(try directory.descriptor.open(name, [.readOnly, .directory, .noFollow]))
      try writeMask(root, below, opened, inner)
      try inner.changeOwner(userID: status.userID, groupID: status.groupID)
      try inner.changeMode(status.permissions)
    }
  }

  private func content(of secret: BuildOptions.Secret) throws(BuildError) -> [UInt8] {
    switch secret.source {
    case .file(let path):
      return try attempting("secret '\(secret.id)'") { try readFile(path, limit: 1 << 20) }
    case .environment(let name):
      guard let value = Environment[name] else { throw BuildError("secret '\(secret.id)': the variable '\(name)' is not set") }
      return Array(value.utf8)
    }
  }

  /// The secret as a file on a tmpfs of its own, so that it never comes to a disk.
  private func secretFile(
    _ content: [UInt8], _ access: (mode: UInt32, userID: UInt32, groupID: UInt32), _ prepared: PreparedMounts
  ) throws(BuildError) -> FilePath {
    let directory = workspace.fresh("secret")
    let file = directory.appending("secret")
    try attempting("cannot keep a secret") {
      let context = try FileSystemContext("tmpfs")
      try context.set("mode", "700")
      try prepared.attach(try context.mount(), at: directory)
      let opened = try openFile(file, [.writeOnly, .create, .exclusive], mode: 0o600)
      try opened.writeAll(content)
      try opened.changeOwner(userID: access.userID, groupID: access.groupID)
      try opened.changeMode(access.mode)
    }
    return file
  }

  /// The directory of a cache mount, locked as its sharing says until the step is done.
  private func cacheDirectory(
    _ id: String, _ sharing: ResolvedMount.Sharing, _ seed: StepMount.StepOrigin?,
    _ access: (mode: UInt32, userID: UInt32, groupID: UInt32), _ prepared: PreparedMounts
  ) throws(BuildError) -> FilePath {
    let place = cache.directory.appending("mounts").appending(ContentHash.contentDigest(of: Array(id.utf8)).encoded)
    return try attempting("cannot open the cache '\(id)'") {
      try makeDirectories(place.removingLastComponent())
      let chosen = try prepared.lock(place, sharing)
      if (try? fileStatus(chosen)) == nil { try makeCache(chosen, seed, access) }
      return chosen
    }
  }

  private func makeCache(
    _ chosen: FilePath, _ seed: StepMount.StepOrigin?, _ access: (mode: UInt32, userID: UInt32, groupID: UInt32)
  ) throws {
    let fresh = FilePath(chosen.string + ".\(UInt32.random(in: .min ... .max)).tmp")
    try makeDirectories(fresh)
    if let seed { try copySeed(seed, to: fresh) }
    let opened = try openFile(fresh, [.readOnly, .directory])
    try opened.changeOwner(userID: access.userID, groupID: access.groupID)
    try opened.changeMode(access.mode)
    let directory = try openFile(chosen.removingLastComponent(), [.readOnly, .directory])
    guard let from = fresh.lastComponent, let to = chosen.lastComponent else { return }
    // Another build may have been faster.
    do { try directory.rename(FilePath(root: nil, [from]), to: FilePath(root: nil, [to])) } catch { try? removeTree(fresh) }
  }

  /// What a cache begins with, by way of a layer that is never stored.
  private func copySeed(_ seed: StepMount.StepOrigin, to directory: FilePath) throws {
    let root = try tree(seed.state, label: seed.label)
    guard let (found, status) = try root.resolve(BytePath(seed.path)), status.kind == .directory else {
      throw BuildError("'\(seed.path)' is not a directory in \(seed.label)")
    }
    let file = workspace.fresh("seed")
    let sink = DescriptorSink(try openFile(file, [.writeOnly, .create, .exclusive], mode: 0o600))
    let writer = try LayerWriter(to: sink, compression: .none, threads: 1)
    try writer.addTree(try root.openDirectory(found).descriptor)
    _ = try writer.finish()
    _ = try applyLayer(DescriptorSource(try openFile(file, .readOnly)), to: directory, ApplyOptions(.flattened))
    try removeFile(file)
  }
}
