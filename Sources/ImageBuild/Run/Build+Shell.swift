internal import CommandSupport
internal import Dockerfile
internal import LayerArchive
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

extension Build {
  /// `--break-at`: a shell in what the step would be done in.
  func breakHere(_ instruction: InstructionSource, _ state: StageState, _ command: StepCommand?, _ mounts: StepMounts) throws(BuildError) {
    guard let line = instruction.line, options.breakLines.contains(line), explanation == nil, !isLooking else { return }
    try shell(command, state, mounts, above: [], why: "before this step; what is done here is thrown away, and the build goes on")
  }

  /// Gives the user a shell over the state's layers, and over what a failed step has written, with the step's variables and mounts.
  func shell(
    _ command: StepCommand?, _ state: StageState, _ mounts: StepMounts, above uppers: [FilePath], why: String
  ) throws(BuildError) {
    // Standard input may be dfparse's JSON.
    guard let terminal = try? openFile("/dev/tty", .readWrite) else { return progress.warning("there is no terminal for a shell") }
    try enterOwnMounts()
    var shell =
      command
      ?? StepCommand(
        arguments: [], environment: state.environment, workingDirectory: state.workingDirectory, user: state.config.user ?? "",
        network: options.network, isPrivileged: false)
    shell.arguments = [state.shell.first ?? "/bin/sh"]
    let prepared = try prepare(mounts, script: command?.script)
    defer { withExtendedLifetime(prepared) {} }
    let bundle = workspace.fresh("bundle")
    defer { removeBundle(bundle) }
    try createBundle(bundle, shell, state, uppers + (try lowerdirs(state)), prepared, isInteractive: true)
    progress.pause("a shell \(why)")
    let container = "build-\(String(UInt64.random(in: .min ... .max), radix: 16))"
    let root = Roots.volatile(nil).appending("runtime").string
    try attempting("cannot run a shell") {
      try workspace.note(container: container, root: root)
      let descriptor = terminal.rawValue
      _ = try SpawnedCommand(
        try toolPath("runc-swift"), ["runc-swift", "--root", root, "run", "--bundle", bundle.string, container],
        input: .descriptor(descriptor), output: .descriptor(descriptor), error: .descriptor(descriptor)
      ).wait()
      try removeFile(workspace.path.appending("container"))
    }
    withExtendedLifetime(terminal) {}
  }
}
