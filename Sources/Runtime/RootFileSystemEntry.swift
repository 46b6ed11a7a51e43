internal import Linux
internal import SystemPackage

extension ContainerInit {
  /// Builds the container's tree below the clone of its root file system and makes that the root.
  func enterRootFileSystem(_ sources: MountSources) throws(RuntimeError) {
    let rootfs = sources.rootfs
    try attach(rootfs)
    let root = RootDirectory(try attempting("root") { () throws(SystemError) in try rootfs.descriptor.duplicate() })
    for (index, step) in plan.mounts.enumerated() { try apply(step, source: sources.binds[index], in: root) }
    if !bindsDev { try makeDevices(in: root) }
    if process.hasTerminal { try openConsole(in: root) }
    if hooks.wantsRuntimePhase {
      try attempting("hooks") { () throws(SystemError) in
        try channel.value.send(.mounted)
        try channel.value.awaitProceed()
      }
    }
    try hooks.run(hooks.createContainer, "createContainer", state: hooks.state(id: id, status: "creating", process: processID))
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
      try rootfs.descriptor.attachMount(on: host, object: "\(quoted(plan.rootfs)) on '/'")
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

  /// Without a mount namespace of its own the process only gets another root directory.
  func enterRootDirectory() throws(RuntimeError) {
    try attempting("root.path \(quoted(plan.rootfs))") { () throws(SystemError) in
      try openFile(plan.rootfs, [.path, .directory]).becomeWorkingDirectory()
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
