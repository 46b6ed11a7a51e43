internal import Dockerfile
internal import JSON
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

/// A RUN that is about to be carried out.
struct StepCommand {
  var arguments: [String]
  /// A here-document that is executed itself.
  var script: (name: String, content: String)?
  var environment: EnvironmentList
  var workingDirectory: String
  var user: String
  var network: BuildOptions.Network
  /// All capabilities and devices (`--security=insecure`).
  var isPrivileged: Bool

  /// What a message calls it.
  var text: String { arguments.joined(separator: " ") }
}

extension Build {
  func run(
    _ body: RunInstruction, _ expand: StageExpander, _ state: inout StageState, _ step: Step, _ stage: Int
  ) throws(BuildError) {
    if body.security == .insecure, !options.entitlements.contains("security.insecure") {
      throw BuildError("RUN --security=insecure is not allowed: --allow security.insecure allows it")
    }
    if let device = body.devices.first {
      throw BuildError("RUN --device=\(device.name) is not supported yet: there are no CDI devices here")
    }
    let command = command(body, state)
    let created = "RUN \(state.argumentPrefix)\(command.text) # buildkit"
    progress.begin(step.title("RUN \(command.text)"), place: step.place)
    do throws(BuildError) {
      let mounts = try mounts(body, expand, state, stage)
      if explanation == nil, !isLooking { try ForeignPlatform.check(state.image.platform) }
      try breakHere(step.source, state, command, mounts)
      let (layer, isCached) = try layer(key(state, command, mounts)) { () throws(BuildError) in
        try execute(command, on: state, mounts)
      }
      state.commit(created, layer: layer)
      if isCached { progress.cached(layer) } else { progress.done(layer) }
    } catch {
      progress.failed()
      throw BuildError("RUN \(error.message)", at: error.place)
    }
  }

  private func command(_ body: RunInstruction, _ state: StageState) -> StepCommand {
    let network = body.network.flatMap { BuildOptions.Network(rawValue: $0.rawValue) } ?? options.network
    var command = StepCommand(
      arguments: [], environment: state.environment, workingDirectory: state.workingDirectory, user: state.config.user ?? "",
      network: network == .default ? options.network : network, isPrivileged: body.security == .insecure)
    switch body.script {
    case .words(let words): command.arguments = words
    case .shell(let text): command.arguments = state.shell + [text]
    case .file(let name, let content):
      command.arguments = state.shell + ["/dev/pipes/\(name)"]
      command.script = (name, content)
    }
    return command
  }

  private func key(_ state: StageState, _ command: StepCommand, _ mounts: StepMounts) -> CacheKey {
    var key = CacheKey("run")
    key["parent"] = .string(state.chainID)
    key["epoch"] = .string(epoch.text)
    key["platform"] = .string(state.image.platform.description)
    key["arguments"] = .strings(command.arguments)
    key["script"] = .text(command.script?.content)
    key["environment"] = .strings(command.environment.lines)
    key["workingDirectory"] = .string(command.workingDirectory)
    key["user"] = .string(command.user)
    key["network"] = .string(command.network.rawValue)
    if command.isPrivileged { key["security"] = "insecure" }
    key["mounts"] = .array(mounts.key)
    key["hosts"] = .strings(options.addHosts)
    key["shm"] = .text(options.shmSize)
    key["ulimits"] = .strings(options.ulimits)
    return key
  }

  /// Proxies are for the step alone: in no key, no history and no image (Dockerfile reference, "Predefined ARGs").
  var proxies: [String] {
    var lines: [String] = []
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"] {
      guard let value = options.buildArguments[name] ?? options.buildArguments[name.lowercased()] else { continue }
      lines += ["\(name)=\(value)", "\(name.lowercased())=\(value)"]
    }
    return lines
  }
}
