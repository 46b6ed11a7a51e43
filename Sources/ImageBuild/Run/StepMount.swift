internal import Dockerfile
internal import JSON
internal import OCIImageSpec

/// One mount of a RUN, its source known but not yet prepared.
struct StepMount: Sendable {
  enum Source: Sendable {
    /// A path in a build context (nil: the main one) or in a finished root file system.
    case context(String?, path: String)
    case state(StageState, label: String, path: String)
    /// Kept from build to build under `id`.
    case cache(id: String, sharing: ResolvedMount.Sharing, from: StepOrigin?, mode: UInt32, userID: UInt32, groupID: UInt32)
    case tmpfs(size: Int64?)
    case secret(BuildOptions.Secret, mode: UInt32, userID: UInt32, groupID: UInt32)
    /// The socket of an agent of the user's.
    case agent(String, mode: UInt32)
  }

  struct StepOrigin: Sendable {
    var state: StageState
    var label: String
    var path: String
  }

  var source: Source
  /// Absolute.
  var target: String
  var isReadOnly: Bool
}

/// What a RUN's `--mount`s come to.
struct StepMounts: Sendable {
  var mounts: [StepMount] = []
  /// Variables that show secrets and agents; no part of the key.
  var environment: [(name: String, value: BuildOptions.Secret)] = []
  var agentSocket: String?
  /// For the key: definitions, and the content of what is read. Never a secret's content.
  var key: [JSONValue] = []
}

extension Build {
  func mounts(_ body: RunInstruction, _ expand: StageExpander, _ state: StageState, _ stage: Int) throws(BuildError) -> StepMounts {
    var result = StepMounts()
    for mount in body.mounts {
      let resolved: ResolvedMount
      do throws(DockerfileError) { resolved = try mount.resolved(expanding: expand.mountValue) } catch {
        throw BuildError("--mount: \(error.text)")
      }
      switch resolved.kind {
      case .bind: try addBind(resolved, state, stage, &result)
      case .cache: try addCache(resolved, state, stage, &result)
      case .tmpfs:
        let target = try target(resolved, state)
        result.mounts.append(StepMount(source: .tmpfs(size: resolved.size), target: target, isReadOnly: false))
        result.key.append(["type": "tmpfs", "target": .string(target), "size": resolved.size.map { .integer($0) } ?? .null])
      case .secret: try addSecret(resolved, state, &result)
      case .ssh: try addAgent(resolved, state, &result)
      }
    }
    return result
  }

  private func target(_ mount: ResolvedMount, _ state: StageState) throws(BuildError) -> String {
    guard let target = mount.target, !target.isEmpty else { throw BuildError("--mount=type=\(mount.kind.rawValue) needs a target") }
    let path = Self.workingDirectory(target, state.workingDirectory)
    let clean = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    if clean == "/" { throw BuildError("--mount: '\(target)' is the root, which cannot be mounted over") }
    return clean
  }

  private func addBind(_ mount: ResolvedMount, _ state: StageState, _ stage: Int, _ result: inout StepMounts) throws(BuildError) {
    let target = try target(mount, state)
    let path = mount.source ?? "/"
    let from = mount.from.flatMap { $0.isEmpty ? nil : $0 }
    let source: StepMount.Source
    let content: String
    switch try origin(from, stage) {
    case .context(let name):
      source = .context(name, path: path)
      content = "\(try contentDigest(of: path, in: try context(name)))"
    case .state(let origin, let label):
      source = .state(origin, label: label, path: path)
      content = origin.chainID
    }
    result.mounts.append(StepMount(source: source, target: target, isReadOnly: mount.isReadOnly))
    result.key.append([
      "type": "bind", "target": .string(target), "source": .string(path), "content": .string(content), "readonly": .bool(mount.isReadOnly),
    ])
  }

  private func addCache(_ mount: ResolvedMount, _ state: StageState, _ stage: Int, _ result: inout StepMounts) throws(BuildError) {
    let target = try target(mount, state)
    let id = mount.id.flatMap { $0.isEmpty ? nil : $0 } ?? target
    let sharing = mount.sharing ?? .shared
    var seed: StepMount.StepOrigin?
    if let from = mount.from, !from.isEmpty, from != "scratch" {
      guard case .state(let origin, let label) = try origin(from, stage) else {
        throw BuildError("--mount=type=cache,from=\(from): a cache can begin as a stage or an image, not as a context")
      }
      seed = StepMount.StepOrigin(state: origin, label: label, path: mount.source ?? "/")
    } else if let source = mount.source, !source.isEmpty, source != "/" {
      throw BuildError("--mount=type=cache,source=\(source): 'source' needs a 'from' to be taken from")
    }
    result.mounts.append(
      StepMount(
        source: .cache(
          id: id, sharing: sharing, from: seed, mode: mount.mode ?? 0o755, userID: mount.uid ?? 0, groupID: mount.gid ?? 0),
        target: target, isReadOnly: mount.isReadOnly))
    result.key.append([
      "type": "cache", "target": .string(target), "id": .string(id), "sharing": .string(sharing.rawValue),
      "readonly": .bool(mount.isReadOnly),
    ])
  }

  private func addSecret(_ mount: ResolvedMount, _ state: StageState, _ result: inout StepMounts) throws(BuildError) {
    func name(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }
    let given = [mount.source, mount.id].compactMap { $0 }.first { !$0.isEmpty }
    let id = given ?? name(mount.target ?? "")
    var target = mount.target.flatMap { $0.isEmpty ? nil : $0 }
    if target == nil, mount.env == nil { target = "/run/secrets/\(name(id))" }
    let variable = mount.env.map { $0.isEmpty ? id : $0 }
    result.key.append(["type": "secret", "id": .string(id), "target": .text(target), "env": .text(variable)])
    guard let secret = options.secrets.last(where: { $0.id == id }) else {
      if mount.isRequired { throw BuildError("secret '\(id)' is required but not given: --secret id=\(id),src=FILE") }
      return
    }
    if let variable { result.environment.append((variable, secret)) }
    if let target {
      let path = Self.workingDirectory(target, state.workingDirectory)
      result.mounts.append(
        StepMount(
          source: .secret(secret, mode: mount.mode ?? 0o400, userID: mount.uid ?? 0, groupID: mount.gid ?? 0), target: path,
          isReadOnly: true))
    }
  }

  private func addAgent(_ mount: ResolvedMount, _ state: StageState, _ result: inout StepMounts) throws(BuildError) {
    let id = mount.id.flatMap { $0.isEmpty ? nil : $0 } ?? "default"
    let number = result.mounts.count { if case .agent = $0.source { true } else { false } }
    let target = try mount.target == nil ? "/run/buildkit/ssh_agent.\(number)" : target(mount, state)
    result.key.append(["type": "ssh", "id": .string(id), "target": .string(target)])
    if result.agentSocket == nil { result.agentSocket = target }
    guard options.agents[id] != nil else {
      if mount.isRequired { throw BuildError("the agent '\(id)' is required but not given: --ssh \(id)") }
      return
    }
    result.mounts.append(StepMount(source: .agent(id, mode: mount.mode ?? 0o600), target: target, isReadOnly: false))
  }
}
