import ArgumentParser
import CommandSupport
import OCIImageSpec
import Registry

struct TagsVerb: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "tags", abstract: "List the tags of a repository, one a line.")

  @OptionGroup var registry: RegistryOptionsGroup
  @Argument(help: ArgumentHelp("The repository.", valueName: "name")) var name: String

  func run() {
    attempt {
      let reference = try readReference(name)
      let repository = try registry.repository(reference)
      for tag in try repository.client.tags(repository.path, named: reference.familiarName) { printLine(tag) }
    }
  }
}
