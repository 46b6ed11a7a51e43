internal import Dockerfile
internal import Linux
internal import OCIImageSpec

// The instructions that change only the configuration. What each writes into the history is what BuildKit writes.

extension StageState {
  mutating func apply(_ body: EnvInstruction, _ expand: StageExpander) throws(BuildError) {
    let pairs = try expanded(body.variables, expand)
    var env = EnvironmentList(config.env ?? [])
    for (name, value) in pairs {
      env[name] = value
      environment[name] = value
    }
    config.env = env.lines
    commit("ENV" + pairs.map { " \($0.0)=\($0.1)" }.joined())
  }

  mutating func apply(_ body: LabelInstruction, _ expand: StageExpander) throws(BuildError) {
    let pairs = try expanded(body.labels, expand)
    var labels = config.labels ?? [:]
    for (name, value) in pairs { labels[name] = value }
    config.labels = labels
    commit("LABEL" + pairs.map { " \($0.0)=\($0.1)" }.joined())
  }

  private func expanded(_ variables: [Variable], _ expand: StageExpander) throws(BuildError) -> [(String, String)] {
    var pairs: [(String, String)] = []
    for variable in variables { pairs.append((try expand(variable.name), try expand(variable.value))) }
    return pairs
  }

  mutating func apply(_ body: CmdInstruction) {
    let words = words(body.command)
    config.cmd = words
    config.argsEscaped = true
    hasCommand = true
    commit("CMD \(goQuoted(words))")
  }

  /// Takes an inherited CMD away, which was meant for another entry point.
  mutating func apply(_ body: EntrypointInstruction) {
    let words = words(body.command)
    config.entrypoint = words
    if !hasCommand { config.cmd = nil }
    commit("ENTRYPOINT \(goQuoted(words))")
  }

  mutating func apply(_ body: ShellInstruction) {
    config.shell = body.command
    commit("SHELL \(goList(body.command))")
  }

  mutating func apply(_ body: UserInstruction, _ expand: StageExpander) throws(BuildError) {
    let user = try expand(body.user)
    config.user = user
    commit("USER \(user)")
  }

  mutating func apply(_ body: VolumeInstruction, _ expand: StageExpander) throws(BuildError) {
    var volumes = config.volumes ?? []
    var names: [String] = []
    for volume in body.volumes {
      let name = try expand(volume)
      if name.isEmpty { throw BuildError("VOLUME '\(volume)': the path is empty") }
      volumes.keys.insert(name)
      names.append(name)
    }
    config.volumes = volumes
    commit("VOLUME \(goList(names))")
  }

  mutating func apply(_ body: ExposeInstruction, _ expand: StageExpander) throws(BuildError) {
    var ports: [String] = []
    for word in body.ports.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      for port in try expand.words(word) { ports += try exposedPorts(port) }
    }
    var exposed = config.exposedPorts ?? []
    exposed.keys.formUnion(ports)
    config.exposedPorts = exposed
    commit("EXPOSE \(goList(ports))")
  }

  mutating func apply(_ body: StopsignalInstruction, _ expand: StageExpander) throws(BuildError) {
    let signal = try expand(body.signal)
    guard Signal.number(signal) != nil else { throw BuildError("STOPSIGNAL '\(signal)': no such signal") }
    config.stopSignal = signal
    commit("STOPSIGNAL \(signal)")
  }

  mutating func apply(_ body: MaintainerInstruction) {
    image.author = body.maintainer
    commit("MAINTAINER \(body.maintainer)")
  }

  mutating func apply(_ body: OnbuildInstruction) {
    config.onBuild = (config.onBuild ?? []) + [body.expression]
  }

  mutating func apply(_ body: HealthcheckInstruction) {
    let test: [String] =
      switch body.command {
      case nil: ["NONE"]
      case .exec(let words)?: ["CMD"] + words
      case .shell(let text)?: ["CMD-SHELL", text]
      }
    func nonzero(_ duration: GoDuration?) -> Int64? { duration.flatMap { $0.nanoseconds == 0 ? nil : $0.nanoseconds } }
    config.healthcheck = Healthcheck(
      test: test, interval: nonzero(body.interval), timeout: nonzero(body.timeout), startPeriod: nonzero(body.startPeriod),
      startInterval: nonzero(body.startInterval), retries: body.retries == 0 ? nil : body.retries)
    let zero = GoDuration(nanoseconds: 0)
    commit(
      "HEALTHCHECK {Test:\(goList(test)) Interval:\(body.interval ?? zero) Timeout:\(body.timeout ?? zero) "
        + "StartPeriod:\(body.startPeriod ?? zero) StartInterval:\(body.startInterval ?? zero) Retries:\(body.retries ?? 0)}")
  }
}

/// Go's `%q` of a list of strings.
private func goQuoted(_ words: [String]) -> String { goList(words.map { Dockerfile.goQuoted($0) }) }

/// Go's `%v` of a list of strings.
func goList(_ words: [String]) -> String { "[\(words.joined(separator: " "))]" }
