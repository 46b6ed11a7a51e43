import ArgumentParser
import CommandSupport
import Dockerfile
import ImageBuild
import Linux
import OCIImageSpec
import SystemPackage

/// docker build's flags.
struct BuildFlags: ParsableArguments {
  typealias Value = ArgumentParser.Option

  @Value(name: .shortAndLong, help: "Name of the image; may be repeated.") var tag: [String] = []
  @Value(help: "The build context: a directory, a git repository or the address of a tar archive.") var context: String?
  @Value(
    name: [.customLong("dockerfile"), .customLong("file"), .customShort("f")],
    help: "The Dockerfile as messages name it; FILE.dockerignore beside it is obeyed.")
  var dockerfile = "Dockerfile"
  @Value(help: "The stage to build.") var target: String?
  @Value(help: "NAME=VALUE, or NAME for the environment's own value.") var buildArg: [String] = []
  @Value(help: "NAME=VALUE for the image's labels.") var label: [String] = []
  @Value(help: "NAME=VALUE for the manifest's annotations.") var annotation: [String] = []
  @ArgumentParser.Flag(help: "Do not use the cache; fill it.") var noCache = false
  @Value(help: "Where to take a cache from: an image, type=registry,ref=NAME or type=local,src=DIRECTORY.") var cacheFrom: [String] = []
  @Value(help: "Where to put the cache: type=inline, type=registry,ref=NAME or type=local,dest=DIRECTORY; ,mode=max for all stages.")
  var cacheTo: [String] = []
  @Value(help: "A statement of how the image was made, beside it: true, mode=min, mode=max or false.") var provenance: String?
  @Value(help: "A list of the image's packages, beside it: true or false.") var sbom: String?
  @Value(help: "type=provenance,mode=MODE or type=sbom.") var attest: [String] = []
  @Value(help: "How many stages are built at the same time. (default: as many as there are processors, at least 2)") var jobs: Int?
  @Value(help: "A line of the Dockerfile: a shell on the terminal before its step; may be repeated.") var breakAt: [String] = []
  @ArgumentParser.Flag(help: "A shell on the terminal where a RUN has failed.") var shellOnFailure = false
  @Value(help: .private) var stage: Int?
  @Value(help: "Write when each step ran to FILE, in Chrome's trace format.") var trace: String?
  @Value(help: "How much the build cache keeps, what was used last; looked at once an hour.") var keepStorage: String?
  @ArgumentParser.Flag(help: "Run nothing: tell for each step whether the cache has it, and if not, why.") var explain = false
  @Value(help: "A stage whose steps do not use the cache; may be repeated, or separated by commas.") var noCacheFilter: [String] = []
  @ArgumentParser.Flag(help: "Make one layer of all that the build adds to its base image.") var squash = false
  @Value(help: "Base images: always, missing or never pull them.") var pull = "missing"
  @ArgumentParser.Flag(name: .shortAndLong, help: "No progress; print the image's ID.") var quiet = false
  @Value(help: "Write the image's ID to FILE.") var iidfile: String?
  @Value(help: "Write what was built, as JSON, to FILE.") var metadataFile: String?
  @Value(help: "os/architecture[/variant] of the image; one.") var platform: String?
  @Value(help: "auto, plain, tty, quiet or json.") var progress = "auto"
  @Value(help: "Network of RUN: default, none or host.") var network = "default"
  @Value(help: "NAME:ADDRESS, a line in /etc/hosts for RUN.") var addHost: [String] = []
  @Value(help: "Size of /dev/shm for RUN.") var shmSize: String?
  @Value(help: "NAME=SOFT[:HARD], a resource limit for RUN.") var ulimit: [String] = []
  @Value(help: "NAME=SOURCE, another context for FROM NAME and COPY --from=NAME.") var buildContext: [String] = []
  @Value(help: "id=NAME,src=FILE or id=NAME,env=VARIABLE, for RUN --mount=type=secret.") var secret: [String] = []
  @Value(help: "NAME[=SOCKET], for RUN --mount=type=ssh.") var ssh: [String] = []
  @Value(name: [.customLong("output"), .customShort("o")], help: "Where the result goes: type=TYPE,dest=PATH…, a directory, or - for tar.")
  var output: [String] = []
  @ArgumentParser.Flag(help: "The same as --output type=docker: the image goes into the store.") var load = false
  @ArgumentParser.Flag(help: "The same as --output type=registry: the image is pushed, too.") var push = false

  @Value(help: "Allow RUN more than usual: security.insecure or network.host.") var allow: [String] = []
  @OptionGroup var limits: StepLimits

  var form: Progress.Form {
    if quiet || progress == "quiet" { return .quiet }
    if progress == "json" || progress == "rawjson" { return .json }
    return progress == "tty" || (progress == "auto" && StandardStream.error.isTerminal) ? .tty : .plain
  }

  func validate() throws {
    guard ["auto", "plain", "tty", "quiet", "json", "rawjson", "none"].contains(progress) else {
      throw ValidationError("--progress '\(progress)': expected auto, plain, tty, quiet or json")
    }
    guard BuildOptions.Pull(rawValue: pull) != nil else { throw ValidationError("--pull '\(pull)': expected always, missing or never") }
    guard BuildOptions.Network(rawValue: network) != nil else {
      throw ValidationError("--network '\(network)': expected default, none or host")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs '\(jobs)': expected 1 or more") }
    if load, push { throw ValidationError("push and load may not be set together at the moment") }
  }

  func options() throws -> BuildOptions {
    var options = BuildOptions()
    options.context = try context.map { try source($0, of: "--context") }
    options.dockerfile = dockerfile
    options.tags = try tag.map { text in
      do { return try Reference(text).withDefaultTag } catch { throw ValidationError("invalid tag '\(text)': \(error)") }
    }
    options.outputs = try output.map { text in
      do { return try BuildOutput(text) } catch { throw ValidationError("\(error)") }
    }
    if load || push { options.outputs.append(.image(names: [], isPushed: push)) }
    if options.outputs.count(where: \.isStandardOutput) > 1 { throw ValidationError("--output: only one can go to standard output") }
    do {
      if let provenance { try options.attestations.setProvenance(provenance) }
      if let sbom { try options.attestations.setSBOM(sbom) }
      for text in attest { try options.attestations.add(text) }
      options.cacheSources = try cacheFrom.map { try CachePlace(from: $0) }
      options.cacheTargets = try cacheTo.map { try CachePlace(to: $0) }
    } catch { throw ValidationError("\(error)") }
    options.target = target
    for text in buildArg {
      let (name, value) = pair(text)
      if let value = value ?? Environment[name] { options.buildArguments[name] = value }
    }
    options.labels = label.map { (pair($0).name, pair($0).value ?? "") }
    options.annotations = try annotation.map { text in
      // There is one manifest, and it is what buildx's prefix means.
      let text = text.hasPrefix("manifest:") ? String(text.dropFirst(9)) : text
      guard let value = pair(text).value else { throw ValidationError("--annotation '\(text)': expected NAME=VALUE") }
      return (pair(text).name, value)
    }
    for text in breakAt {
      // `7`, or as messages have it: `Dockerfile:7`.
      guard let number = Int(text.split(separator: ":").last ?? ""), number > 0 else {
        throw ValidationError("--break-at '\(text)': expected a line of the Dockerfile")
      }
      options.breakLines.insert(number)
    }
    options.isShellOnFailure = shellOnFailure
    options.noCache = noCache
    options.noCacheStages = Set(noCacheFilter.flatMap { $0.lowercased().split(separator: ",").map(String.init) })
    options.squash = squash
    options.limits = limits.flags
    for name in allow.flatMap({ $0.split(separator: ",").map(String.init) }) {
      guard ["security.insecure", "network.host"].contains(name) else {
        throw ValidationError("--allow '\(name)': expected security.insecure or network.host")
      }
      options.entitlements.insert(name)
    }
    options.pull = BuildOptions.Pull(rawValue: pull) ?? .missing
    options.network = BuildOptions.Network(rawValue: network) ?? .default
    if let platform {
      guard let wanted = Platform(platform) else { throw ValidationError("invalid platform '\(platform)'") }
      options.platform = wanted
    }
    options.addHosts = addHost
    options.shmSize = shmSize
    options.ulimits = ulimit
    for text in buildContext {
      guard let value = pair(text).value else { throw ValidationError("--build-context '\(text)': expected NAME=SOURCE") }
      options.contexts[pair(text).name] = try source(value, of: "--build-context")
    }
    options.secrets = try secret.map(parseSecret)
    for text in ssh {
      guard let socket = pair(text).value ?? Environment["SSH_AUTH_SOCK"] else {
        throw ValidationError("--ssh '\(text)': SSH_AUTH_SOCK is not set")
      }
      options.agents[pair(text).name] = FilePath(socket)
    }
    return options
  }

  private func source(_ text: String, of flag: String) throws -> ContextSource {
    do { return try ContextSource(text) } catch { throw ValidationError("\(flag) \(error)") }
  }

  private func pair(_ text: String) -> (name: String, value: String?) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    return (String(parts[0]), parts.count == 2 ? String(parts[1]) : nil)
  }

  private func parseSecret(_ text: String) throws -> BuildOptions.Secret {
    var fields: [String: String] = [:]
    for field in text.split(separator: ",") { fields[pair(String(field)).name.lowercased()] = pair(String(field)).value ?? "" }
    for name in fields.keys where !["id", "src", "source", "env", "type"].contains(name) {
      throw ValidationError("--secret '\(text)': unknown key '\(name)', expected id, src, env or type")
    }
    let id = fields["id"] ?? ""
    let source = fields["src"] ?? fields["source"]
    if let type = fields["type"], type != "file", type != "env" {
      throw ValidationError("--secret '\(text)': unknown type '\(type)', expected file or env")
    }
    guard !id.isEmpty || source != nil else { throw ValidationError("--secret '\(text)': there is no id") }
    if let source, fields["type"] != "env" {
      return BuildOptions.Secret(id: id.isEmpty ? String(source.split(separator: "/").last ?? "") : id, source: .file(FilePath(source)))
    }
    let variable = fields["env"] ?? source ?? id
    if fields["env"] == nil, fields["type"] != "env", Environment[variable] == nil {
      return BuildOptions.Secret(id: id, source: .file(FilePath(id)))
    }
    return BuildOptions.Secret(id: id, source: .environment(variable))
  }
}

extension BuildFlags {
  /// docker's spellings that ArgumentParser does not read: `--no-cache=true`, `--quiet=false`, `--pull` alone.
  static func normalized(_ arguments: [String]) -> [String] {
    guard let verb = arguments.firstIndex(of: "build") else { return arguments }
    let flags = [
      "--no-cache", "--quiet", "-q", "--load", "--push", "--squash", "--explain", "--shell-on-failure", "--rm", "--force-rm", "--compress",
      "--disable-content-trust",
    ]
    return arguments.enumerated().compactMap { index, argument in
      if index <= verb { return argument }
      if argument == "--pull" { return "--pull=always" }
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let value = goBool(String(parts[1])) else { return argument }
      if parts[0] == "--pull" { return value ? "--pull=always" : "--pull=missing" }
      guard flags.contains(String(parts[0])) else { return argument }
      return value ? String(parts[0]) : nil
    }
  }
}
