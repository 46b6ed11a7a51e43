package import SystemPackage

/// Applies one layer, compressed or not, to the directory `target`, and checks its digests on the way.
///
/// Nothing outside the directory is touched whatever the archive says. After an error what had been applied stays: unpack aside
/// and rename, or check the layer first (``checkLayer(_:expected:limits:)``), where the directory must not be left half-way.
package func applyLayer(
  _ source: any ByteSource, to target: FilePath, _ options: ApplyOptions
) throws(LayerError) -> AppliedLayer {
  let layer = try LayerSource(source, expected: options.expected, limits: options.limits)
  let reader = TarReader(layer, limits: options.limits)
  let applier = try LayerApplier(target, options)
  while let entry = try reader.next() { try applier.apply(try options.owners.outside(entry), reader) }
  try applier.finish()
  let description = try layer.finish()
  return AppliedLayer(layer: description, entries: reader.count, isRootOpaque: applier.tree.isRootOpaque)
}

/// Reads a layer to its end without applying it: digests, structure, names and limits are as good as they will be found then.
package func checkLayer(
  _ source: any ByteSource, expected: ExpectedDigests = ExpectedDigests(), limits: LayerLimits = LayerLimits(),
  entry body: (TarEntry) throws(LayerError) -> Void = { _ in }
) throws(LayerError) -> LayerDescription {
  let layer = try LayerSource(source, expected: expected, limits: limits)
  let reader = TarReader(layer, limits: limits)
  while let entry = try reader.next() {
    _ = try LayerApplier.location(entry)
    try body(entry)
  }
  return try layer.finish()
}
