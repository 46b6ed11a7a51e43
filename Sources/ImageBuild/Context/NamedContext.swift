internal import ImageStore
internal import LayerStore
internal import OCIImageSpec
internal import SystemPackage

extension BuildOptions {
  /// The named context that stands for a stage, or for an image in FROM and --from: by the name as it is written, or as docker shows it.
  func contextName(_ name: String?) -> String? {
    guard let name else { return nil }
    if contexts[name] != nil { return name }
    guard let reference = try? Reference(name) else { return nil }
    let shown = reference.familiarDescription
    return [shown, shown.hasSuffix(":latest") ? String(shown.dropLast(7)) : shown + ":latest"].first { contexts[$0] != nil }
  }
}

extension Build {
  /// What a stage begins with that is built from a named context.
  func namedState(_ name: String) throws(BuildError) -> StageState {
    switch options.contexts[name] {
    case .image(let reference)?: return try image(reference)
    case .layout(let path, let wanted)?: return try image(in: path, named: wanted)
    default:
      var state = StageState(scratch: options.platform, epoch)
      var request = CopyRequest(destination: "/")
      request.sources = ["."]
      request.isLink = true
      state.commit("FROM \(name)", layer: try copyLayer(state, request, .context(name)).layer)
      return state
    }
  }

  private func image(in layout: FilePath, named wanted: String?) throws(BuildError) -> StageState {
    let shown = "oci-layout://\(layout)" + (wanted.map { ":\($0)" } ?? "")
    let found = try attempting(shown) {
      let images = try store.take(hold, layout: layout)
      let chosen = images.first { image in
        guard let wanted else { return images.count == 1 || image.target.tag == "latest" }
        return image.target.tag == wanted || "\(image.target.digest)" == wanted
      }
      guard let chosen else { throw BuildError("'\(shown)': there is no such image in the layout") }
      return try store.image(chosen.target)
    }
    return StageState(base: found.configuration, layers: found.manifest.layers, epoch)
  }
}

extension Descriptor {
  /// Of a layout's entry: `ref.name` is a tag alone, or a name with a tag.
  fileprivate var tag: String? {
    guard let text = annotations?[Annotation.refName] else { return nil }
    return text.contains("/") || text.contains(":") ? imageName?.tag : text
  }
}
