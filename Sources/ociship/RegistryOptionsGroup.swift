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

  var credentialFile: CredentialFile {
    get throws { try CredentialFile(authfile.map { FilePath($0) } ?? CredentialFile.defaultPath) }
  }

  func client(_ host: RegistryHost, credential: Credential? = nil) throws -> RegistryClient {
    var options = RegistryOptions()
    options.insecure = !tlsVerify
    options.plainHTTP = plainHttp
    options.certificateAuthorities = caFiles.map { FilePath($0) }
    options.credential = credential
    options.warn = { Diagnostics.warning("\(host.name): \($0)") }
    return try RegistryClient(host, credentials: try credentialFile, options: options)
  }

  func client(for reference: Reference) throws -> RegistryClient { try client(RegistryHost(reference.domain)) }
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
  } catch { fail("\(error)") }
}
