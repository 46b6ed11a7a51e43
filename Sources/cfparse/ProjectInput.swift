internal import CommandSupport
internal import Compose
internal import Linux
internal import SystemPackage

/// What a project is read from: its files, its environment and the names it may have.
struct ProjectInput {
  let files: [ComposeFile]
  let name: String?
  /// `--profile` and COMPOSE_PROFILES.
  let profiles: Set<String>
  /// The project directory, absolute.
  let directory: String
  /// The process's environment, then the environment files'.
  let environment: (String) -> String?
  /// The environment files' alone.
  let variables: [String: String]

  /// The options that say what is read.
  static let options: [Option] = [
    .list("f", "file", placeholder: "FILE", help: "a Compose file; later ones are laid on earlier ones; - is standard input"),
    .value("p", "project-name", placeholder: "NAME", help: "the project's name"),
    .list("env-file", placeholder: "FILE", help: "an environment file instead of the project directory's .env"),
    .value("project-directory", placeholder: "DIR", help: "the project's directory; else the first file's"),
    .list("profile", placeholder: "NAME", help: "activate the services of a profile, or of all with '*'"),
  ]

  init(_ parsed: ParsedOptions) throws {
    let named = parsed.values("file") + parsed.operands
    if named.count(where: { $0 == "-" }) > 1 { throw UsageError("standard input is named twice") }
    let given = parsed.value("project-directory").map { FilePath($0) }
    // .env may name the files, so it is looked for before they are.
    let start = given ?? named.first.map(Self.directory) ?? FilePath(".")
    let variables = try Self.variables(parsed.values("env-file"), directory: start)
    let environment = { (name: String) in Environment[name] ?? variables[name] }
    self.environment = environment
    self.variables = variables
    let paths = named.isEmpty ? try Self.defaultFiles(environment, in: start) : named
    var files: [ComposeFile] = []
    for path in paths { files.append(try Self.read(path)) }
    self.files = files
    directory = try workingDirectory().pushing(given ?? paths.first.map(Self.directory) ?? start).lexicallyNormalized().string
    profiles = Set(parsed.values("profile") + (environment("COMPOSE_PROFILES") ?? "").split(separator: ",").map(String.init))
    name = parsed.value("project-name") ?? environment("COMPOSE_PROJECT_NAME")
  }

  /// What variables are substituted from, as sorted lines `NAME=value`.
  var substituted: [String] {
    var all = variables
    for variable in Environment.all {
      let parts = variable.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      if parts.count == 2 { all[parts[0]] = parts[1] }
    }
    return all.map { "\($0.key)=\($0.value)" }.sorted()
  }

  /// The project that it is, with what is doubtful in it told on standard error.
  func project(interpolates: Bool = true) throws(ComposeError) -> ComposeProject {
    let project = try ComposeProject(
      files, name: name, directory: directory, profiles: profiles, environment: environment, home: Environment["HOME"],
      interpolates: interpolates, read: Self.content)
    for name in project.unsetVariables { Diagnostics.warning("the variable '\(name)' is not set, it is a blank string") }
    for warning in project.warnings { Diagnostics.warning(warning) }
    return project
  }

  private static func directory(of file: String) -> FilePath {
    let directory = file == "-" ? FilePath("") : FilePath(file).removingLastComponent()
    return directory.isEmpty ? FilePath(".") : directory
  }

  private static func read(_ name: String) throws -> ComposeFile {
    if name == "-" { return ComposeFile(name: "<stdin>", content: try StandardStream.input.readAll()) }
    return ComposeFile(name: name, content: try content(name))
  }

  /// The content of a file that the user or a model names.
  static func content(_ name: String) throws(ComposeError) -> [UInt8] {
    do { return try readFile(FilePath(name)) } catch {
      throw ComposeError("\(error)", kind: error.errno == .noSuchFileOrDirectory ? .missingFile : .invalidProject)
    }
  }

  /// The values of `named`, later files winning, or of the directory's `.env` where there is one.
  private static func variables(_ named: [String], directory: FilePath) throws -> [String: String] {
    var variables: [String: String] = [:]
    for name in named.isEmpty ? [directory.appending(".env").string] : named {
      let content: [UInt8]
      do { content = try readFile(FilePath(name)) } catch {
        let isMissing = error.errno == .noSuchFileOrDirectory
        if named.isEmpty, isMissing { continue }
        throw ComposeError("\(error)", kind: isMissing ? .missingFile : .invalidProject)
      }
      let earlier = variables
      let file = try EnvironmentFile(parsing: content, file: name) { Environment[$0] ?? earlier[$0] }
      variables.merge(file.values) { _, later in later }
    }
    return variables
  }

  /// COMPOSE_FILE's, else the first of the usual names with its override beside it.
  private static func defaultFiles(_ environment: (String) -> String?, in directory: FilePath) throws -> [String] {
    if let named = environment("COMPOSE_FILE"), !named.isEmpty {
      let separator = environment("COMPOSE_PATH_SEPARATOR").flatMap(\.first) ?? ":"
      return named.split(separator: separator).map(String.init)
    }
    func existing(_ names: [String]) throws -> String? {
      for name in names {
        let path = directory == FilePath(".") ? FilePath(name) : directory.appending(name)
        do {
          _ = try fileStatus(path)
          return path.string
        } catch { if error.errno != .noSuchFileOrDirectory { throw ComposeError("\(error)") } }
      }
      return nil
    }
    guard let file = try existing(["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"]) else {
      throw ComposeError("no configuration file provided: no compose.yaml in '\(directory)'", kind: .missingFile)
    }
    let isOld = FilePath(file).stem?.hasPrefix("docker-") == true
    let override = (isOld ? "docker-" : "") + "compose.override."
    return [file] + (try existing([override + "yml", override + "yaml"]).map { [$0] } ?? [])
  }
}
