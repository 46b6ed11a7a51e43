import Dockerfile
import OCIImageSpec

/// `--change` of import: instructions of a Dockerfile that change no files, applied to a configuration.
struct ConfigChanges {
  struct Invalid: Error, CustomStringConvertible { let description: String }

  private let expander = WordExpander()
  private(set) var config: ImageConfiguration.Config

  init(_ config: ImageConfiguration.Config = ImageConfiguration.Config()) { self.config = config }

  mutating func apply(_ change: String) throws {
    let document: DockerfileDocument
    do { document = try DockerfileDocument(parsing: Array("FROM scratch\n\(change)\n".utf8)) } catch {
      throw Invalid(description: "--change '\(change)': \(error.errors.first?.message ?? "not a Dockerfile instruction")")
    }
    for instruction in document.stages.flatMap(\.instructions) { try apply(instruction, change) }
  }

  private mutating func apply(_ instruction: Instruction, _ change: String) throws {
    switch instruction.kind {
    case .cmd(let cmd): config.cmd = words(cmd.command)
    case .entrypoint(let entrypoint): config.entrypoint = words(entrypoint.command)
    case .env(let env):
      for variable in env.variables {
        let name = try expand(variable.name)
        config.env = (config.env ?? []).filter { !$0.hasPrefix(name + "=") } + ["\(name)=\(try expand(variable.value))"]
      }
    case .label(let label):
      for variable in label.labels {
        config.labels = (config.labels ?? [:]).merging([try expand(variable.name): try expand(variable.value)]) { $1 }
      }
    case .expose(let expose):
      var ports = config.exposedPorts ?? KeySet()
      for port in expose.ports {
        let port = try expand(port)
        ports.keys.insert(port.contains("/") ? port : port + "/tcp")
      }
      config.exposedPorts = ports
    case .volume(let volume):
      var volumes = config.volumes ?? KeySet()
      for path in volume.volumes { volumes.keys.insert(try expand(path)) }
      config.volumes = volumes
    case .user(let user): config.user = try expand(user.user)
    case .workdir(let workdir):
      let path = try expand(workdir.path)
      config.workingDir = path.hasPrefix("/") ? path : (config.workingDir.map { $0 == "/" ? "" : $0 } ?? "") + "/" + path
    case .stopsignal(let stop): config.stopSignal = try expand(stop.signal)
    case .shell(let shell): config.shell = shell.command
    case .onbuild: config.onBuild = (config.onBuild ?? []) + [String(change.drop { $0 != " " }.drop { $0 == " " })]
    case .healthcheck(let check):
      config.healthcheck = Healthcheck(
        test: test(check.command), interval: check.interval?.nanoseconds, timeout: check.timeout?.nanoseconds,
        startPeriod: check.startPeriod?.nanoseconds, startInterval: check.startInterval?.nanoseconds, retries: check.retries)
    case .add, .arg, .copy, .maintainer, .run:
      throw Invalid(description: "--change '\(change)': \(instruction.name) is not a valid change command")
    }
  }

  private func expand(_ word: String) throws -> String { try expander.expand(word, [:]).result }

  private func words(_ command: CommandForm) -> [String] {
    switch command {
    case .exec(let words): words
    case .shell(let text): (config.shell ?? ["/bin/sh", "-c"]) + [text]
    }
  }

  private func test(_ command: CommandForm?) -> [String] {
    switch command {
    case nil: ["NONE"]
    case .exec(let words)?: ["CMD"] + words
    case .shell(let text)?: ["CMD-SHELL", text]
    }
  }
}
