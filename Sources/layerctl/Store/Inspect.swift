import ArgumentParser
import CommandSupport
import ImageStore
import JSON
import Linux
import OCIImageSpec
import SystemPackage

/// `layerctl inspect IMAGE…`: docker's image inspect.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Show all that is known of images, as JSON.")

  @OptionGroup var location: StoreLocation
  @ArgumentParser.Option(name: .shortAndLong, help: "A Go template, or 'json'.") var format: String?
  @ArgumentParser.Option(help: "Which image of several: os/architecture[/variant].") var platform: String?
  @ArgumentParser.Argument(help: "Names or IDs.") var images: [String]

  func run() {
    let store = location.store
    var values: [JSONValue] = []
    var failures: [String] = []
    for typed in images {
      do {
        let image = try store.resolve(typed, platform: try platform.map(parsePlatform)).image
        values.append(try inspection(of: image, store))
      } catch { failures.append("\(error)") }
    }
    orFail {
      if format == nil || !values.isEmpty { printText(try renderInspection(values, format: format)) }
    }
    for failure in failures { Diagnostics.error(failure) }
    if !failures.isEmpty { exitProcess(CommandSupport.ExitCode.failure) }
  }
}

/// The image in docker's words (schemas/image-inspect.schema.json).
func inspection(of image: StoredImage, _ store: ImageStore) throws -> JSONValue {
  let configuration = image.configuration
  let tagged = image.names.filter { $0.tag != nil }
  var repositories: [String] = []
  for name in image.names where !repositories.contains(name.familiarName) { repositories.append(name.familiarName) }
  var value: JSONValue = [
    "Id": .string("\(image.id)"),
    "RepoTags": .array(tagged.map { .string($0.familiarDescription) }),
    "RepoDigests": .array(repositories.map { .string("\($0)@\(image.target.digest)") }),
    "Parent": "",
    "Comment": .string(configuration.history?.last?.comment ?? ""),
    "Created": .string(configuration.created ?? ""),
    "DockerVersion": "",
    "Author": .string(configuration.author ?? ""),
    "Config": try JSONValue(parsing: try encodeJSON(configuration.config ?? ImageConfiguration.Config())),
    "Architecture": .string(configuration.architecture),
    "Os": .string(configuration.os),
    "Size": .integer(try store.size(of: image)),
    "GraphDriver": try graphDriver(image, store),
    "RootFS": ["Type": "layers", "Layers": .array(configuration.rootfs.diffIDs.map { .string("\($0)") })],
    "Metadata": [:],
    "Descriptor": try JSONValue(parsing: try encodeJSON(image.descriptor)),
  ]
  if let variant = configuration.variant { value["Variant"] = .string(variant) }
  if let version = configuration.osVersion { value["OsVersion"] = .string(version) }
  return value
}

/// Where the unpacked layers lie, as docker's overlay2 driver says it.
private func graphDriver(_ image: StoredImage, _ store: ImageStore) throws -> JSONValue {
  guard let directories = try store.lowerDirectories(image), let top = directories.first else {
    return ["Data": nil, "Name": "overlay2"]
  }
  var data: JSONValue = ["UpperDir": .string(top.string)]
  if directories.count > 1 { data["LowerDir"] = .string(directories.dropFirst().map(\.string).joined(separator: ":")) }
  return ["Data": data, "Name": "overlay2"]
}
