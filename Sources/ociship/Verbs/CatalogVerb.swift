import ArgumentParser
import CommandSupport
import Registry

struct CatalogVerb: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "catalog", abstract: "List the repositories of a registry, one a line.")

  @OptionGroup var registry: RegistryOptionsGroup
  @Argument(help: ArgumentHelp("The registry.", valueName: "server")) var server: String

  func run() {
    attempt { for name in try registry.client(RegistryHost(serverName(server))).repositories() { printLine(name) } }
  }
}
