import ArgumentParser
import CommandSupport
import ImageStore
import LayerStore
import OCIImageSpec

/// `layerctl save IMAGE…`: an archive that docker, podman and every OCI tool read.
struct Save: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Write images to an archive.")

  @OptionGroup var location: StoreLocation
  @ArgumentParser.Option(name: .shortAndLong, help: "Write to this file instead of standard output.") var output: String?
  @ArgumentParser.Option(help: "Which image of several: os/architecture[/variant].") var platform: String?
  @ArgumentParser.Argument(help: "Names or IDs; a repository without a tag means all its tags.") var images: [String]

  func run() {
    let store = location.store
    orFail {
      let platform = try platform.map(parsePlatform)
      var saved: [SavedImage] = []
      for typed in images {
        for (image, name) in try chosen(typed, platform, store) {
          // The same image under several names is written once.
          let index = saved.firstIndex { $0.image.descriptor.digest == image.descriptor.digest }
          if let index {
            let names = saved[index].names
            saved[index] = SavedImage(image, names: names + [name].compactMap { $0 }.filter { !names.contains($0) })
          } else {
            saved.append(SavedImage(image, names: [name].compactMap { $0 }))
          }
        }
      }
      try writeArchive(to: output, verb: "save") { try store.save(saved, to: $0) }
    }
  }

  private func chosen(_ typed: String, _ platform: Platform?, _ store: ImageStore) throws -> [(StoredImage, Reference?)] {
    if let reference = try? Reference(typed), reference.isNameOnly {
      let all = try store.entries().compactMap(\.imageName).filter { $0.name == reference.name && $0.tag != nil }
      if !all.isEmpty { return try all.map { (try store.image(named: $0, platform: platform), $0) } }
    }
    let resolved = try store.resolve(typed, platform: platform)
    return [(resolved.image, resolved.name.flatMap { $0.tag == nil ? nil : $0 })]
  }
}
