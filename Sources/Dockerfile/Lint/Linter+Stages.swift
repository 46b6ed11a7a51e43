extension Linter {
  /// What needs values: variables, base images, instructions that replace each other.
  mutating func checkStages(_ globals: (values: [String: String], declared: Set<String>)) throws(DockerfileError) {
    var scopes: [String: LintScope] = [:]
    for stage in document.stages {
      let image = try checkFrom(stage, globals)
      var scope = LintScope(environment: ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"])
      for name in input.baseEnvironment { scope.environment[name] = "" }
      if let base = scopes[image] {
        scope = base
        scope.last = [:]
      }
      for instruction in stage.instructions { try check(instruction, &scope, globals.values) }
      if let name = stage.from.stageName { scopes[name] = scope }
    }
  }

  /// Checks a FROM; answers the base's name with its variables expanded.
  private mutating func checkFrom(
    _ stage: Stage, _ globals: (values: [String: String], declared: Set<String>)
  ) throws(DockerfileError) -> String {
    let comments = descriptions(stage.source.comments)
    let place = stage.source.range
    let image = try expand(stage.from.image, place) { globals.values[$0] }
    var unset = image.unset
    if let text = stage.from.platform {
      let platform = try expand(text, place) { globals.values[$0] }
      unset += platform.unset
      if platform.used == ["TARGETPLATFORM"], platform.unset.isEmpty, platform.result == globals.values["TARGETPLATFORM"] {
        report(.redundantTargetPlatform, place, "--platform=\(text) is what FROM does anyway", comments)
      }
      if platform.used.isEmpty, platform.unset.isEmpty, let found = Dockerfile.platform(platform.result) {
        let name = stage.from.stageName ?? ""
        if !name.contains(found.os), !name.contains(found.architecture) {
          report(
            .fromPlatformFlagConstDisallowed, place,
            "--platform is the constant '\(platform.result)', which builds for nothing else", comments)
        }
      }
    }
    for name in unset where !globals.declared.contains(name) {
      let known = Array(Set(globals.values.keys).union(globals.declared)).sorted()
      let hint = suggest(name, among: known).map { " (did you mean '\($0)'?)" } ?? ""
      report(.undefinedArgInFrom, place, "FROM uses '\(name)', which no ARG above declares\(hint)", comments)
    }
    return image.result
  }

  /// Without build arguments every base image must still have a name.
  mutating func checkDefaults(_ globals: (values: [String: String], declared: Set<String>)) {
    for stage in document.stages {
      guard let image = try? expander.expand(stage.from.image, globals.values) else { return }
      if !isImageName(image.result) {
        report(
          .invalidDefaultArgInFrom, stage.source.range,
          "without build arguments '\(stage.from.image)' becomes '\(image.result)', which is no image name",
          [])
      }
    }
  }

  private mutating func check(_ instruction: Instruction, _ scope: inout LintScope, _ globals: [String: String]) throws(DockerfileError) {
    let comments = descriptions(instruction.source.comments)
    let place = instruction.source.range
    switch instruction.kind {
    case .env(let body):
      try checkPairs(instruction, body.variables, body.isLegacy, &scope, setsEnvironment: true)
    case .label(let body): try checkPairs(instruction, body.labels, body.isLegacy, &scope, setsEnvironment: false)
    case .arg(let body): try check(body, instruction, &scope, globals)
    case .copy(let body):
      try expand([body.chown, body.chmod] + body.sources + [body.destination], instruction, scope)
      try expandBodies(body.heredocs, instruction, scope)
      if body.from == nil { try checkIgnored("COPY", body.sources, instruction, scope) }
    case .add(let body):
      try expand([body.chown, body.chmod, body.checksum] + body.sources + [body.destination], instruction, scope)
      try expandBodies(body.heredocs, instruction, scope)
      try checkIgnored("ADD", body.sources, instruction, scope)
    case .run(let body): try expand(body.mounts.flatMap(\.options).map(\.value), instruction, scope)
    case .workdir(let body):
      let path = try expand([body.path], instruction, scope)[0]
      if !scope.hasWorkdir, !path.hasPrefix("/") {
        report(.workdirRelativePath, place, "relative path '\(path)' depends on the base image's WORKDIR", comments)
      }
      scope.hasWorkdir = true
    case .user(let body): try expand([body.user], instruction, scope)
    case .stopsignal(let body): try expand([body.signal], instruction, scope)
    case .volume(let body): try expand(body.volumes, instruction, scope)
    case .expose(let body): try check(body, instruction, scope)
    case .shell: scope.hasShell = true
    case .cmd(let body): checkCommand(body.command, instruction, &scope)
    case .entrypoint(let body): checkCommand(body.command, instruction, &scope)
    case .healthcheck: checkOnce(instruction, &scope)
    case .maintainer, .onbuild: break
    }
  }

  private mutating func checkCommand(_ command: CommandForm, _ instruction: Instruction, _ scope: inout LintScope) {
    checkOnce(instruction, &scope)
    if case .shell = command, !scope.hasShell {
      report(
        .jsonArgsRecommended, instruction.source.range,
        "\(instruction.name) in shell form keeps signals from the command, use a JSON array",
        descriptions(instruction.source.comments))
    }
  }

  private mutating func checkOnce(_ instruction: Instruction, _ scope: inout LintScope) {
    if let previous = scope.last[instruction.name] {
      report(
        .multipleInstructionsDisallowed, previous, "\(instruction.name) stands again below in this stage, where it replaces this one",
        descriptions(instruction.source.comments))
    }
    scope.last[instruction.name] = instruction.source.range
  }

  private mutating func checkPairs(
    _ instruction: Instruction, _ variables: [Variable], _ isLegacy: Bool, _ scope: inout LintScope, setsEnvironment: Bool
  ) throws(DockerfileError) {
    let comments = descriptions(instruction.source.comments)
    let name = instruction.name
    if isLegacy {
      report(.legacyKeyValueFormat, instruction.source.range, "write \(name) \(variables[0].name)=… with '=' instead of a blank", comments)
    }
    // One instruction sees the values from before it.
    let values = try expand(variables.flatMap { [$0.name, $0.value] }, instruction, scope)
    guard setsEnvironment else { return }
    for index in stride(from: 0, to: values.count - 1, by: 2) {
      checkSecret(values[index], instruction)
      scope.environment[values[index]] = values[index + 1]
    }
  }

  private mutating func checkSecret(_ name: String, _ instruction: Instruction) {
    guard soundsSecret(name) else { return }
    report(
      .secretsUsedInArgOrEnv, instruction.source.range,
      "\(instruction.name) '\(name)' sounds like a secret and would be kept in the image, use RUN --mount=type=secret",
      descriptions(instruction.source.comments))
  }

  private mutating func check(
    _ body: ArgInstruction, _ instruction: Instruction, _ scope: inout LintScope, _ globals: [String: String]
  ) throws(DockerfileError) {
    for argument in body.arguments {
      checkSecret(argument.name, instruction)
      var value = globals[argument.name]
      if let text = argument.value { value = try expand([text], instruction, scope)[0] }
      scope.arguments.insert(argument.name)
      if let value, !LintScope.always.contains(argument.name) { scope.environment[argument.name] = value }
    }
  }
}
