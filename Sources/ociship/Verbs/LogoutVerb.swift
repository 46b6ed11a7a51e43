import ArgumentParser
import CommandSupport
import Registry

struct LogoutVerb: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "logout", abstract: "Forget a registry's credential.")

  @OptionGroup var registry: RegistryOptionsGroup
  @Argument(help: ArgumentHelp("The registry (default docker.io).", valueName: "server")) var server = "docker.io"

  func run() {
    attempt {
      let host = RegistryHost(serverName(server))
      var file = try registry.credentialFile
      if try file.erase(host) {
        printLine("Removing login credentials for \(host.name)")
      } else {
        printLine("Not logged in to \(host.name)")
      }
    }
  }
}
