import ArgumentParser
import CommandSupport
import ImageTransfer
import JSON
import Linux
import OCIImageSpec
import Registry

struct InspectVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Print a registry's manifest or index, byte for byte, or what an image is.")

  @OptionGroup var registry: RegistryOptionsGroup
  @ArgumentParser.Option(
    name: .long, help: ArgumentHelp("The image of an index for this platform instead of the index.", valueName: "platform"))
  var platform: String?
  @Flag(name: .long, help: "Print the image's configuration.") var config = false
  @Flag(name: .long, help: "Print the digest alone.") var digest = false
  @ArgumentParser.Option(
    name: [.short, .long], help: ArgumentHelp("A summary of the image: json or a Go template.", valueName: "format"))
  var format: String?
  @Argument(help: ArgumentHelp("NAME[:TAG|@DIGEST]", valueName: "name")) var name: String

  mutating func validate() throws {
    if [config, digest, format != nil].filter({ $0 }).count > 1 {
      throw ValidationError("--config, --digest and --format are mutually exclusive")
    }
  }

  func run() {
    attempt {
      let reference = try readReference(name).withDefaultTag
      let sources = try registry.sources(reference)
      if digest, platform == nil, sources.count == 1, let repository = sources.first, let tag = reference.tag, reference.digest == nil {
        return printLine("\(try repository.client.manifestDigest(repository.path, tag, named: reference.familiarDescription))")
      }
      var inspection = Inspection(reference, sources)
      if let platform {
        guard let wanted = Platform(platform) else { throw Failure("'\(platform)': a platform is os/arch[/variant]") }
        inspection.platform = wanted
      }
      if digest { return printLine("\(try inspection.manifest().descriptor.digest)") }
      if config { return try StandardStream.output.write(try inspection.configuration()) }
      guard let format else { return try StandardStream.output.write(try inspection.manifest().bytes) }
      try StandardStream.output.write(try renderInspection([try inspection.summary()], format: format))
    }
  }
}
