import ArgumentParser
import CommandSupport
import Linux
import OCIImageSpec
import Registry

struct InspectVerb: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "inspect", abstract: "Print a registry's manifest or index, byte for byte.")

  @OptionGroup var registry: RegistryOptionsGroup
  @Argument(help: ArgumentHelp("NAME[:TAG|@DIGEST]", valueName: "name")) var name: String

  func run() {
    attempt {
      let reference = try readReference(name).withDefaultTag
      try StandardStream.output.write(try registry.client(for: reference).manifest(reference).bytes)
    }
  }
}
