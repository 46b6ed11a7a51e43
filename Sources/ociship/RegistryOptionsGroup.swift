import ArgumentParser
import CommandSupport
import Linux
import OCIImageSpec
import Registry
import SystemPackage

/// How to speak to registries.
struct RegistryOptionsGroup: ParsableArguments {
  @ArgumentParser.Option(name: .long, help: ArgumentHelp("Check certificates (true or false).", valueName: "bool"))
  var tlsVerify = true

  @Flag(name: .long, help: "Speak plain HTTP without trying TLS.")
  var plainHttp = false

  @ArgumentParser.Option(
    name: .customLong("ca-file"), help: ArgumentHelp("A further file of certificate authorities; may be repeated.", valueName: "file"))
  var caFiles: [String] = []

  @ArgumentParser.Option(
    name: .long, help: ArgumentHelp("The file of credentials, in the form of docker's config.json.", valueName: "file"))
  var authfile: String?

  @ArgumentParser.Option(name: .long, help: ArgumentHelp("Tries after a first that failed for a passing reason (4).", valueName: "n"))
  var retry = 4

  @ArgumentParser.Option(
    name: .long, help: ArgumentHelp("The time before the first of them (500ms); doubled each time.", valueName: "duration"))
  var retryDelay = Seconds(0.5)

  @ArgumentParser.Option(
    name: .long, help: ArgumentHelp("The time after which a connection that brings nothing is given up (60s).", valueName: "duration"))
  var timeout = Seconds(60)

  mutating func validate() throws {
    guard retry >= 0 else { throw ValidationError("--retry '\(retry)': not a number of tries") }
    guard timeout.value >= 1 else { throw ValidationError("--timeout: less than a second") }
  }

  var credentialFile: CredentialFile {
    get throws { try CredentialFile(authfile.map { FilePath($0) } ?? CredentialFile.defaultPath) }
  }

  func client(
    _ host: RegistryHost, path: String = "", credential: Credential? = nil, chunkSize: Int64 = 0, isInsecure: Bool = false
  ) throws -> RegistryClient {
    var options = RegistryOptions()
    options.insecure = !tlsVerify || isInsecure
    options.plainHTTP = plainHttp
    options.certificateAuthorities = caFiles.map { FilePath($0) }
    options.credential = credential
    options.retry.retries = retry
    options.retry.delay = retryDelay.value
    options.stallTimeout = Int(timeout.value)
    options.chunkSize = chunkSize
    options.warn = { Diagnostics.warning("\(host.name): \($0)") }
    return try RegistryClient(host, path: path, credentials: try credentialFile, options: options)
  }

  /// The repository that a reference names, where registries.conf says that it is.
  func repository(_ reference: Reference, chunkSize: Int64 = 0) throws -> RemoteRepository {
    try repository(try RegistriesFile(RegistriesFile.defaultFiles).destination(reference), reference, chunkSize: chunkSize)
  }

  /// Where an image may be had: mirrors first.
  func sources(_ reference: Reference) throws -> [RemoteRepository] {
    try RegistriesFile(RegistriesFile.defaultFiles).sources(reference).map { try repository($0, reference) }
  }

  private func repository(_ source: RegistriesFile.Source, _ reference: Reference, chunkSize: Int64 = 0) throws -> RemoteRepository {
    let client = try client(source.host, path: source.path, chunkSize: chunkSize, isInsecure: source.isInsecure)
    return RemoteRepository(client, path: source.path, name: reference.familiarName)
  }
}

/// A duration as Go writes simple ones: `500ms`, `2s`, `1m`; a bare number is seconds.
struct Seconds: ExpressibleByArgument {
  let value: Double

  init(_ value: Double) { self.value = value }

  init?(argument: String) {
    let number = argument.prefix { $0.isNumber || $0 == "." }
    guard let count = Double(number), count.isFinite, count < 1e6 else { return nil }
    switch argument.dropFirst(number.count) {
    case "ms": value = count / 1000
    case "s", "": value = count
    case "m": value = count * 60
    default: return nil
    }
  }
}

/// A size as docker writes it: `5MB`, `100m`, `1GiB`; powers of 1024 but for `kB MB GB`.
struct ByteCount: ExpressibleByArgument {
  let value: Int64

  init?(argument: String) {
    let number = argument.prefix { $0.isNumber }
    let units: [String: Int64] = [
      "": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "kb": 1000,
      "mb": 1_000_000, "gb": 1_000_000_000,
    ]
    guard let count = Int64(number), count < 1 << 32, let unit = units[argument.dropFirst(number.count).lowercased()] else { return nil }
    value = count * unit
  }
}

/// Reads a name as a person types it; an error says what is wrong with it and exits 1 as docker does.
func readReference(_ text: String) throws -> Reference {
  do { return try Reference(text) } catch { throw Failure("invalid reference '\(text)': \(error.message)") }
}

/// What a verb ends with: a line on standard error, exit code 1.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Runs a verb's body; what it throws is one line on standard error and the exit code 1.
func attempt(_ body: () throws -> Void) -> Never {
  do {
    try body()
    exitProcess(CommandSupport.ExitCode.success)
  } catch let error as SystemError where error.errno == .brokenPipe {
    // Whoever read our output has had enough, as `head` does.
    exitProcess(CommandSupport.ExitCode.failure)
  } catch { fail("\(error)") }
}
