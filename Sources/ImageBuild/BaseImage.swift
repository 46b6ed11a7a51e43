internal import ImageStore
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

extension Build {
  /// Finds an image in the store; `ociship pull` fetches what is missing, or everything with `--pull`.
  func baseImage(_ name: String) throws(BuildError) -> StoredImage {
    let reference: Reference
    do { reference = try Reference(name).withDefaultTag } catch { throw BuildError("'\(name)': \(error)") }
    if options.pull == .always { try pull(reference, name) }
    do throws(ImageStoreError) { return try store.resolve(name, platform: options.platform).image } catch {
      guard case .noSuchImage = error, options.pull == .missing else {
        if case .noSuchImage = error { throw BuildError("base image '\(name)' is not in the store, and --pull=never was given") }
        throw BuildError("base image '\(name)': \(error)")
      }
    }
    try pull(reference, name)
    do throws(ImageStoreError) { return try store.resolve(name, platform: options.platform).image } catch {
      throw BuildError("base image '\(name)': \(error)")
    }
  }

  /// What a registry has under the name now.
  func pulledImage(_ name: Reference) throws(BuildError) -> StoredImage {
    try pull(name, name.familiarDescription)
    return try reporting { try store.image(named: name, platform: options.platform) }
  }

  /// Hands an image of the store to its registry.
  func push(_ name: Reference) throws(BuildError) {
    let text = name.familiarDescription
    if try attempting("cannot push '\(text)'", { try ship("push", text) }) != .exited(0) { throw BuildError("cannot push '\(text)'") }
  }

  /// Runs `ociship` on this store.
  private func ship(_ verb: String, _ name: String) throws -> ExitStatus {
    let environment = Environment.all.filter { !$0.hasPrefix("TOTE_ROOT=") } + ["TOTE_ROOT=\(store.root)"]
    return try SpawnedCommand(
      try toolPath("ociship"), ["ociship", verb, name], environment: environment, input: .none, output: .none
    ).wait()
  }

  private func pull(_ reference: Reference, _ name: String) throws(BuildError) {
    progress.note("pulling \(reference.familiarDescription)")
    let missing = "base image '\(name)' is not in the store and cannot be pulled"
    let status = try attempting(missing) { try ship("pull", reference.familiarDescription) }
    if status != .exited(0) { throw BuildError("\(missing): ociship pull failed") }
  }
}
