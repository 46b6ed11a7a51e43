internal import CommandSupport
internal import Linux
internal import Runtime
internal import SystemPackage

/// One command with the program's options: where state is, and how failures are told.
struct Invocation {
  let options: ParsedOptions
  let log: Log
  /// The container goes on with this command's standard streams after it has ended.
  let leavesStreams: Bool
  let root: StateRoot

  /// Runs the body of a verb; an error is logged as `runc VERB failed` is by runc, with exit code 1.
  static func run(_ verb: String, _ options: ParsedOptions, _ body: (Invocation) throws -> Int32) throws -> Int32 {
    let invocation = try Invocation(options, leavesStreams: verb == "create" || options.flag("detach"))
    do {
      return try body(invocation)
    } catch {
      let prefix = ["create", "run"].contains(verb) ? "runc \(verb) failed: " : ""
      invocation.log.write(.error, "\(prefix)\(error)")
      return verb == "exec" ? 255 : ExitCode.failure
    }
  }

  private init(_ options: ParsedOptions, leavesStreams: Bool) throws {
    self.options = options
    self.leavesStreams = leavesStreams
    log = try Log(options)
    root = StateRoot(options.value("root").map { absolute($0) } ?? Invocation.defaultRoot)
    if options.flag("systemd-cgroup") { throw UsageError("--systemd-cgroup: making cgroups through systemd is not supported yet") }
  }

  private static var defaultRoot: FilePath {
    if isRootless, let directory = Environment["XDG_RUNTIME_DIR"], !directory.isEmpty {
      return FilePath(directory).appending("runc-swift")
    }
    return "/run/runc-swift"
  }

  /// The id, which is the first operand.
  func id() throws -> ContainerID {
    guard let text = options.operands.first else { throw RuntimeError.message("container id cannot be empty") }
    return try ContainerID(text)
  }

  func container() throws -> Container { try Container(try id(), in: root) }

  /// A warning goes to the log. Where that is standard error and this command leaves it to the container, the container's own
  /// output would begin with it: then only a person at a terminal, or one who asked with --debug, gets to see it.
  func warn(_ message: String) {
    if log.path == nil, leavesStreams, !log.isVerbose, !StandardStream.error.isTerminal { return }
    log.write(.warning, message)
  }

  /// Takes what is said with `--debug` alone; nil without that.
  var debug: ((String) -> Void)? { log.isVerbose ? { log.write(.debug, $0) } : nil }

  func path(_ name: String) -> FilePath? { options.value(name).flatMap { $0.isEmpty ? nil : absolute($0) } }

  func integer(_ name: String) throws -> Int? {
    guard let text = options.value(name) else { return nil }
    guard let number = Int(text) else { throw UsageError("invalid value \"\(text)\" for flag -\(name): not a number") }
    return number
  }
}

/// A path as the user typed it, counted from the working directory.
func absolute(_ text: String) -> FilePath {
  let path = FilePath(text)
  if path.isAbsolute { return path.lexicallyNormalized() }
  return ((try? workingDirectory()) ?? "/").pushing(path).lexicallyNormalized()
}

/// Goes to the bundle and starts the program again where a container cannot write it.
func protectProgram() throws {
  try SelfProtection.enterReadOnlyClone(CommandLine.arguments)
  ProcessAttributes.setName("runc-swift")
}
