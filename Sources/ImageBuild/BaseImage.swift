internal import ImageStore
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

extension Build {
  /// Finds an image in the store; `ociship pull` fetches what is missing, or everything with `--pull`.
  func baseImage(_ name: String, _ platform: Platform) throws(BuildError) -> StoredImage {
    let reference: Reference
    do { reference = try Reference(name).withDefaultTag } catch { throw BuildError("'\(name)': \(error)") }
    if options.pull == .always { try pull(reference, name, platform) }
    do throws(ImageStoreError) { return try store.resolve(name, platform: platform).image } catch {
      // Of an image for several platforms only some may be here.
      let isAbsent =
        switch error {
        case .noSuchImage, .noSuchPlatform, .missingBlob: true
        default: false
        }
      guard isAbsent, options.pull == .missing else {
        if case .noSuchImage = error { throw BuildError("base image '\(name)' is not in the store, and --pull=never was given") }
        throw BuildError("base image '\(name)': \(error)")
      }
    }
    try pull(reference, name, platform)
    do throws(ImageStoreError) { return try store.resolve(name, platform: platform).image } catch {
      throw BuildError("base image '\(name)': \(error)")
    }
  }

  /// What a registry has under the name now.
  func pulledImage(_ name: Reference) throws(BuildError) -> StoredImage {
    try pull(name, name.familiarDescription, options.platform)
    return try reporting { try store.image(named: name, platform: options.platform) }
  }

  /// Hands an image of the store to its registry.
  func push(_ name: Reference) throws(BuildError) {
    let text = name.familiarDescription
    if try attempting("cannot push '\(text)'", { try ship("push", text) }) != .exited(0) { throw BuildError("cannot push '\(text)'") }
  }

  /// Runs `ociship` on this store.
  private func ship(_ verb: String, _ name: String, _ flags: [String] = []) throws -> ExitStatus {
    let environment = Environment.all.filter { !$0.hasPrefix("TOTE_ROOT=") } + ["TOTE_ROOT=\(store.root)"]
    return try SpawnedCommand(
      try toolPath("ociship"), ["ociship", verb] + flags + [name], environment: environment, input: .none, output: .none
    ).wait()
  }

  private func pull(_ reference: Reference, _ name: String, _ platform: Platform) throws(BuildError) {
    progress.note("pulling \(reference.familiarDescription)")
    let missing = "base image '\(name)' is not in the store and cannot be pulled"
    let status = try attempting(missing) {
      try ship("pull", reference.familiarDescription, platform == .host ? [] : ["--platform", platform.description])
    }
    if status != .exited(0) { throw BuildError("\(missing): ociship pull failed") }
  }
}
