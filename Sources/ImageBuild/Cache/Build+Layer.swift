internal import OCIImageSpec

extension Build {
  /// A step's layer: what the cache has under the key, else what `make` makes, which is recorded.
  func layer(
    _ key: CacheKey, isRecorded: Bool = true, _ make: () throws(BuildError) -> BuiltLayer
  ) throws(BuildError) -> (layer: BuiltLayer, isCached: Bool) {
    let known = cache.layer(key)
    if isLooking, known == nil { throw BuildError("not in the cache") }
    if let explanation { return (try explain(key, known, explanation, make), known != nil) }
    if let known {
      note(key, known)
      return (known, true)
    }
    let layer = try make()
    note(key, layer)
    if isRecorded { try cache.record(layer, key) }
    return (layer, false)
  }
}
