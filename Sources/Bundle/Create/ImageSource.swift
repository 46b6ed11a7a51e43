internal import ImageStore
internal import JSON
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

/// What a bundle is made from: a configuration and directories to mount, the topmost first.
struct ImageSource {
  var name = ""
  var id: String?
  var configuration: ImageConfiguration
  var lowerdirs: [FilePath] = []
  /// Keeps garbage collection from the layers until container.json names them.
  var hold: ContentHold?

  init(_ request: CreateRequest, _ places: Places) throws(BundleError) {
    switch request.source {
    case .image(let typed):
      try self.init(image: typed, platform: request.flags.platform, pull: request.pull, places)
    case .configuration(let file, let lowerdirs):
      try self.init(configuration: file, lowerdirs)
    }
  }

  private init(image typed: String, platform: String?, pull: String, _ places: Places) throws(BundleError) {
    let store = ImageStore(places.root)
    if pull == "always" { throw .imageNotFound(fullName(typed)) }
    var wanted: Platform?
    if let platform {
      guard let parsed = Platform(platform) else { throw .refused("invalid platform '\(platform)'") }
      wanted = parsed
    }
    let found: ResolvedImage
    do throws(ImageStoreError) {
      hold = try store.hold()
      found = try store.resolve(typed, platform: wanted)
    } catch {
      if case .noSuchImage = error, pull != "never" { throw .imageNotFound(fullName(typed)) }
      throw .refused(error.description)
    }
    name = typed
    id = found.image.id.description
    configuration = found.image.configuration
    lowerdirs = try ImageSource.unpacked(found.image, typed, store)
  }

  /// The directories of the image's layers; `layerctl unpack` makes those that are missing.
  private static func unpacked(_ image: StoredImage, _ typed: String, _ store: ImageStore) throws(BundleError) -> [FilePath] {
    if let directories = try lowerDirectories(image, store) { return directories }
    let root = store.root
    let status = try attempting("unpack image '\(typed)'") { () throws(SystemError) -> ExitStatus in
      let environment = Environment.all.filter { !$0.hasPrefix("TOTE_ROOT=") } + ["TOTE_ROOT=\(root)"]
      return try SpawnedCommand(
        try toolPath("layerctl"), ["layerctl", "unpack", "--index", image.id.description], environment: environment, input: .none,
        output: .none
      ).wait()
    }
    guard status == .exited(0) else { throw .refused("cannot unpack image '\(typed)': layerctl unpack failed") }
    guard let directories = try lowerDirectories(image, store) else {
      throw .refused("cannot unpack image '\(typed)': layerctl unpack left a layer out")
    }
    return directories
  }

  private static func lowerDirectories(_ image: StoredImage, _ store: ImageStore) throws(BundleError) -> [FilePath]? {
    do { return try store.lowerDirectories(image, indexes: true) } catch { throw .refused(error.description) }
  }

  private init(configuration file: String, _ directories: [String]) throws(BundleError) {
    let content = try attempting("read the image configuration") { () throws(SystemError) in
      file == "-" ? try StandardStream.input.readAll(limit: 16 << 20) : try readFile(FilePath(file), limit: 16 << 20)
    }
    do { configuration = try decodeJSON(ImageConfiguration.self, from: content) } catch {
      throw .refused("image configuration '\(file)': \(error)")
    }
    for directory in directories {
      let path = try absolutePath(FilePath(directory))
      let status = try attempting("use a lower directory") { () throws(SystemError) in try fileStatus(path) }
      guard status.kind == .directory else { throw .refused("lower directory '\(directory)' is not a directory") }
      lowerdirs.append(path)
    }
  }
}

/// The name that a pull would take: with the registry's default tag.
private func fullName(_ typed: String) -> String {
  guard let reference = try? Reference(typed) else { return typed }
  return reference.withDefaultTag.familiarDescription
}
