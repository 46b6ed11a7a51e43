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

  private func pull(_ reference: Reference, _ name: String) throws(BuildError) {
    progress.note("pulling \(reference.familiarDescription)")
    let missing = "base image '\(name)' is not in the store and cannot be pulled"
    let tool: FilePath
    do throws(SystemError) { tool = try toolPath("ociship") } catch { throw BuildError("\(missing): ociship is not installed") }
    let status = try attempting(missing) {
      let environment = Environment.all.filter { !$0.hasPrefix("TOTE_ROOT=") } + ["TOTE_ROOT=\(store.root)"]
      return try SpawnedCommand(
        tool, ["ociship", "pull", reference.familiarDescription], environment: environment, input: .none, output: .none
      ).wait()
    }
    if status != .exited(0) { throw BuildError("\(missing): ociship pull failed") }
  }
}
