import ArgumentParser
import CommandSupport
import JSON
import Linux
import OCIImageSpec
import Registry

struct ReferrersVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "referrers", abstract: "List what refers to a manifest: signatures, SBOMs; an index as JSON.")

  @OptionGroup var registry: RegistryOptionsGroup
  @ArgumentParser.Option(name: .long, help: ArgumentHelp("Only those of this type.", valueName: "type")) var artifactType: String?
  @Argument(help: ArgumentHelp("NAME[:TAG|@DIGEST]", valueName: "name")) var name: String

  func run() {
    attempt {
      let reference = try readReference(name).withDefaultTag
      let repository = try registry.repository(reference)
      let digest =
        try reference.digest
        ?? repository.client.manifestDigest(repository.path, reference.tag ?? Reference.defaultTag, named: reference.familiarDescription)
      let found = try repository.referrers(to: digest, artifactType: artifactType.map { MediaType(rawValue: $0) })
      try StandardStream.output.write(try encodeJSON(ImageIndex(manifests: found), pretty: true) + [10])
    }
  }
}
