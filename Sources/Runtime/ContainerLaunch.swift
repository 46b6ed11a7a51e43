internal import Cgroups
internal import Linux
internal import SystemPackage

/// The way from a plan to the init process, in the runtime.
struct ContainerLaunch: ~Copyable {
  let child: ChildProcess
  let channel: InitChannel
  /// The terminal, where init gave it to us.
  var console: OwnedDescriptor?

  /// Clones init into its namespaces; returns in the runtime only.
  static func start(_ initialize: (consuming InitChannel) -> ContainerInit, _ plan: NamespacePlan, cgroup: Cgroup?) throws(RuntimeError)
    -> ContainerLaunch
  {
    let pair = try attempting("init") { () throws(SystemError) in try InitChannel.pair() }
    let channel = InitChannel(socket: OwnedDescriptor(pair.runtime))
    let theirs = InitChannel(socket: OwnedDescriptor(pair.container))
    // The cgroup namespace follows the cgroup, the time namespace its offsets: init makes both itself.
    let kinds = plan.created.subtracting([.cgroup, .time])
    if !plan.joined.isEmpty {
      let child = try launchThroughJoined(initialize, theirs, plan, kinds, cgroup)
      return ContainerLaunch(child: child, channel: channel, console: nil)
    }
    let target: OwnedDescriptor?
    do { target = try cgroup?.cloneTarget() } catch { throw .message("\(error)") }
    do throws(SystemError) {
      guard let child = try clone(kinds, target) else { initialize(theirs).run() }
      return ContainerLaunch(child: child, channel: channel, console: nil)
    } catch { throw .system("linux.namespaces", error) }
  }

  private static func clone(_ kinds: NamespaceKinds, _ target: borrowing OwnedDescriptor?) throws(SystemError) -> ChildProcess? {
    switch target {
    case .some(let descriptor): try cloneProcess(kinds, cgroup: descriptor.rawValue)
    case .none: try cloneProcess(kinds)
    }
  }

  /// Namespaces by path are entered by a process in between, which then makes init as its own sibling.
  private static func launchThroughJoined(
    _ initialize: (consuming InitChannel) -> ContainerInit, _ theirs: consuming InitChannel, _ plan: NamespacePlan, _ kinds: NamespaceKinds,
    _ cgroup: Cgroup?
  ) throws(RuntimeError) -> ChildProcess {
    var namespaces: [(plan: NamespacePlan.Joined, file: SharedDescriptor)] = []
    for joined in plan.joined { namespaces.append((joined, try joined.open())) }
    let pair = try attempting("init") { () throws(SystemError) in try InitChannel.pair() }
    let ours = InitChannel(socket: OwnedDescriptor(pair.runtime))
    do {
      guard let between = try cloneProcess() else {
        let report = InitChannel(socket: OwnedDescriptor(pair.container))
        do throws(RuntimeError) {
          do { try cgroup?.joinSelf() } catch { throw .message("\(error)") }
          try enter(namespaces)
          guard let child = try attempting("linux.namespaces", { () throws(SystemError) in try cloneProcess(kinds, asSibling: true) })
          else {
            initialize(theirs).run()
          }
          try attempting("init") { () throws(SystemError) in
            try report.send(.ready, "\(child.id)", descriptors: [child.descriptor.rawValue])
          }
          exitNow(0)
        } catch {
          try? report.send(.failure, error.description)
          exitNow(1)
        }
      }
      _ = OwnedDescriptor(pair.container)
      let message = try ours.receive()
      _ = try waitForProcess(between.id)
      guard let message, message.kind == .ready, let id = Int32(message.text), let pidfd = message.descriptors.first else {
        throw RuntimeError.message(message?.text ?? "the process that joins namespaces died")
      }
      return ChildProcess(id: id, descriptor: OwnedDescriptor(pidfd))
    } catch let error as RuntimeError { throw error } catch let error as SystemError { throw .system("linux.namespaces", error) } catch {
      throw .message("\(error)")
    }
  }

  /// First those that the caller may enter as it is; what is refused then is tried again from inside the user namespace.
  private static func enter(_ namespaces: [(plan: NamespacePlan.Joined, file: SharedDescriptor)]) throws(RuntimeError) {
    var later: [(plan: NamespacePlan.Joined, file: SharedDescriptor)] = []
    for namespace in namespaces where namespace.plan.kind != .user {
      do { try namespace.file.descriptor.enterNamespaces(namespace.plan.kind, object: quoted(namespace.plan.path)) } catch {
        if error.errno != .notPermitted { throw .system(namespace.plan.property, error) }
        later.append(namespace)
      }
    }
    let user = namespaces.filter { $0.plan.kind == .user }
    for namespace in user + later {
      try attempting(namespace.plan.property) { () throws(SystemError) in
        try namespace.file.descriptor.enterNamespaces(namespace.plan.kind, object: quoted(namespace.plan.path))
      }
    }
  }
}

extension NamespacePlan.Joined {
  /// Opens the namespace's file and makes sure that it is one, of this kind.
  fileprivate func open() throws(RuntimeError) -> SharedDescriptor {
    let file = try attempting(property) { () throws(SystemError) in try openFile(path, .readOnly) }
    let isNamespace = (try? file.fileSystemStatus().magic) == FileSystemStatus.nsfsMagic
    guard isNamespace, let actual = try? file.namespaceKind() else { throw .property(property, "\(quoted(path)) is not a namespace") }
    if actual != kind { throw .property(property, "\(quoted(path)) is a namespace of another type") }
    return SharedDescriptor(file)
  }
}
