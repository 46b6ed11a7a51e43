internal import Linux
internal import SystemPackage

extension ContainerInit {
  /// Builds the container's tree below the clone of its root file system and makes that the root.
  func enterRootFileSystem(_ sources: MountSources) throws(RuntimeError) {
    let rootfs = sources.rootfs
    try attach(rootfs)
    let root = RootDirectory(try attempting("root") { () throws(SystemError) in try rootfs.descriptor.duplicate() })
    for (index, step) in plan.mounts.enumerated() { try apply(step, source: sources.binds[index], idMap: sources.idMaps[index], in: root) }
    if !bindsDev { try makeDevices(in: root) }
    if process.hasTerminal { try openConsole(in: root) }
    try runCreationHooks(rootfs.descriptor)
    try applySysctls()
    try makePathsReadOnly(in: root)
    try mask(in: root)
    for step in plan.mounts where step.isReadOnlyLater {
      try attempting("\(step.property) \(quoted(step.destination))") { () throws(SystemError) in
        try root.open(step.destination.removingRoot(), .path).changeMount(set: .readOnly, object: quoted(step.destination))
      }
    }
    try makeRoot(rootfs)
  }

  /// createContainer hooks have the root file system as their working directory, as with runc.
  private func runCreationHooks(_ rootfs: borrowing OwnedDescriptor) throws(RuntimeError) {
    if hooks.wantsRuntimePhase {
      try attempting("hooks") { () throws(SystemError) in
        try channel.value.send(.mounted)
        try channel.value.awaitProceed()
      }
    }
    if hooks.createContainer.isEmpty { return }
    try attempting("hooks") { () throws(SystemError) in try rootfs.becomeWorkingDirectory() }
    try hooks.run(hooks.createContainer, "createContainer", state: hooks.state(id: id, status: "creating", process: processID))
  }

  private var bindsDev: Bool {
    plan.mounts.contains { step in
      if case .bind = step.source { return step.destination.lexicallyNormalized() == "/dev" }
      return false
    }
  }

  var isShared: Bool { plan.rootfsPropagation?.kind == .shared }

  private func attach(_ rootfs: SharedDescriptor) throws(RuntimeError) {
    try attempting("linux.rootfsPropagation") { () throws(SystemError) in
      let host = try openFile("/", [.path, .directory])
      if isShared {
        // pivot_root(2) refuses a shared parent of the new root.
        try host.changeMount(propagation: .private, object: "'/'")
      } else {
        let kind: MountPropagation = plan.rootfsPropagation?.kind == .private ? .private : .slave
        try host.changeMount(propagation: kind, recursive: true, object: "'/'")
        try rootfs.descriptor.changeMount(propagation: kind, recursive: true, object: quoted(plan.rootfs))
      }
      if plan.withoutPivot { try hideHostPseudoFileSystems() }
      // On its own path, where hooks that enter this mount namespace look for it. On '/' where its parent mount would be shared, for
      // chroot(2), and where an ordinary user may not get there.
      guard !isShared, !plan.withoutPivot, let place = try? openFile(plan.rootfs, [.path, .directory]) else {
        return try rootfs.descriptor.attachMount(on: host, object: "\(quoted(plan.rootfs)) on '/'")
      }
      try rootfs.descriptor.attachMount(on: place, object: quoted(plan.rootfs))
    }
  }

  /// With chroot(2) alone the host's mounts stay in the mount namespace, out of reach but not out of the kernel's mind: a whole procfs
  /// or sysfs among them lets a user namespace inside mount one without the masks of this container. So they go, or are covered where
  /// an outer user namespace has locked them.
  private func hideHostPseudoFileSystems() throws(SystemError) {
    let table = String(decoding: try readFile("/proc/self/mountinfo"), as: UTF8.self)
    for line in table.split(separator: "\n") {
      // proc_pid_mountinfo(5): root is field 4, mount point 5; the type comes after the hyphen.
      let fields = line.split(separator: " ")
      guard fields.count > 6, let hyphen = fields.firstIndex(of: "-"), hyphen + 1 < fields.count, fields[3] == "/",
        fields[hyphen + 1] == "proc" || fields[hyphen + 1] == "sysfs"
      else { continue }
      let place = FilePath(String(fields[4]))
      do { try detachMount(place) } catch {
        if error.errno == .noSuchFileOrDirectory { continue }
        try FileSystemContext("tmpfs").mount(.readOnly).attachMount(on: openFile(place, [.path, .directory]), object: quoted(place))
      }
    }
  }

  private func makeRoot(_ rootfs: SharedDescriptor) throws(RuntimeError) {
    try attempting("root.path \(quoted(plan.rootfs))") { () throws(SystemError) in
      try rootfs.descriptor.becomeWorkingDirectory()
      if plan.withoutPivot {
        try changeRootToWorkingDirectory()
      } else {
        try pivotRootToWorkingDirectory()
        // The old root lies on top of the new one now.
        try detachMount(".")
      }
      try changeWorkingDirectory("/")
      let root = try openFile("/", [.path, .directory])
      if let propagation = plan.rootfsPropagation {
        try root.changeMount(propagation: propagation.kind, recursive: propagation.recursive, object: "'/'")
      }
      if plan.readOnlyRootfs { try root.changeMount(set: .readOnly, object: "'/'") }
    }
  }

  /// Without a mount namespace of its own the process only gets another root directory; what is mounted there is mounted for all, until
  /// ``HostMounts`` takes it away.
  func enterRootDirectory(_ sources: MountSources?) throws(RuntimeError) {
    let rootfs = try attempting("root.path") { () throws(SystemError) in try openFile(plan.rootfs, [.path, .directory]) }
    let root = RootDirectory(try attempting("root") { () throws(SystemError) in try rootfs.duplicate() })
    for (index, step) in plan.mounts.enumerated() {
      try apply(step, source: sources?.binds[index], idMap: sources?.idMaps[index], in: root)
    }
    // In a /dev of the container's own alone: nodes in the image's directory would stay.
    if plan.mounts.contains(where: { $0.destination == "/dev" }), !bindsDev { try makeDevices(in: root) }
    if process.hasTerminal { try openConsole(in: root) }
    try runCreationHooks(rootfs)
    try applySysctls()
    try attempting("root.path \(quoted(plan.rootfs))") { () throws(SystemError) in
      try rootfs.becomeWorkingDirectory()
      try changeRootToWorkingDirectory()
      try changeWorkingDirectory("/")
    }
  }

  /// Values below /proc/sys, through a procfs of our own: what the image or a bind mount shows there is never written to
  /// (CVE-2019-19921, CVE-2025-52881).
  private func applySysctls() throws(RuntimeError) {
    if plan.sysctls.isEmpty { return }
    let proc = try attempting("linux.sysctl") { () throws(SystemError) in try ProcFileSystem() }
    for sysctl in plan.sysctls {
      try attempting("linux.sysctl['\(sysctl.key)']") { () throws(SystemError) in
        try proc.write(sysctl.value, to: FilePath("sys").pushing(sysctl.path))
      }
    }
  }
}
