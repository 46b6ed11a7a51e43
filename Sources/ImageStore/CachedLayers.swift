internal import JSON
internal import Linux
package import OCIImageSpec
package import SystemPackage

extension ImageStore {
  /// `cache/steps`: a JSON file for each step of a build that is remembered, whose member `layer` is the descriptor of what it made.
  package var cachedSteps: FilePath { root.appending("cache/steps") }

  /// The layers that the build cache keeps. What cannot be read there keeps nothing.
  package func cachedLayers() throws(ImageStoreError) -> [Descriptor] {
    try names(in: cachedSteps).filter { $0.hasSuffix(".json") }.compactMap { name in
      guard let bytes = try? readFile(cachedSteps.appending(name), limit: 1 << 20), let layer = try? JSONValue(parsing: bytes)["layer"]
      else { return nil }
      return try? decodeJSON(Descriptor.self, from: layer)
    }
  }
}
