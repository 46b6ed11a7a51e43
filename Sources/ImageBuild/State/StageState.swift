internal import Dockerfile
internal import ImageStore
internal import JSON
internal import OCIImageSpec

/// A stage as far as it has been built: an image's configuration, its layers, and what counts only while building.
struct StageState: Sendable {
  static let defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
  static let comment = "buildkit.dockerfile.v0"

  var image: ImageConfiguration
  /// The base layer first; as many as `image.rootfs.diffIDs`.
  var layers: [Descriptor] = []
  /// How many of them, and of the history's entries, are the base image's.
  var baseLayerCount = 0
  var baseHistoryCount = 0
  /// What expansion and RUN see: ENV, and ARG as declared so far; the later definition wins.
  var environment = EnvironmentList()
  /// The ARGs declared in this stage and those it is built from, in order, with their values.
  var arguments: [(name: String, value: String?)] = []
  /// This stage itself has set CMD.
  var hasCommand = false
  /// For messages and `created_by`.
  var epoch: BuildEpoch
  /// The triggers to run before the stage's own instructions.
  var triggers: [String] = []

  var config: ImageConfiguration.Config {
    get { image.config ?? ImageConfiguration.Config() }
    set { image.config = newValue }
  }

  /// An empty root file system.
  init(scratch platform: Platform, _ epoch: BuildEpoch) {
    image = ImageConfiguration(platform: platform)
    self.epoch = epoch
    config.workingDir = "/"
    config.env = [Self.defaultPath]
  }

  init(base image: ImageConfiguration, layers: [Descriptor], _ epoch: BuildEpoch) {
    self.image = image
    self.layers = layers
    self.epoch = epoch
    baseLayerCount = layers.count
    baseHistoryCount = image.history?.count ?? 0
    self.image.created = nil
    // The cache of the base image's own build.
    self.image.unknown.members[TravellingStep.property] = nil
    triggers = config.onBuild ?? []
    config.onBuild = nil
  }

  /// What a stage begins with that is built from this one.
  var asBase: StageState {
    var state = self
    state.triggers = config.onBuild ?? []
    state.config.onBuild = nil
    state.hasCommand = false
    return state
  }

  /// Takes what expansion needs from the configuration, and makes sure that there is a PATH.
  mutating func begin() {
    let env = config.env ?? []
    if EnvironmentList(env)["PATH"] == nil { config.env = env + [Self.defaultPath] }
    for (name, value) in EnvironmentList(config.env ?? []).variables { environment[name] = value }
  }

  var workingDirectory: String {
    let directory = config.workingDir ?? ""
    return directory.isEmpty ? "/" : directory
  }

  var chainIDs: [Digest] { image.rootfs.chainIDs }

  /// What identifies the root file system: the topmost chain ID, "" for none.
  var chainID: String { chainIDs.last?.description ?? "" }

  /// Adds an entry to the history, and a layer where the step made one.
  mutating func commit(_ createdBy: String, layer: BuiltLayer? = nil) {
    if let layer {
      layers.append(layer.descriptor)
      image.rootfs.diffIDs.append(layer.diffID)
    }
    let entry = History(
      created: epoch.text, createdBy: createdBy, comment: Self.comment, emptyLayer: layer == nil ? true : nil)
    image.history = (image.history ?? []) + [entry]
  }

  /// The words of a command, the shell form with SHELL before it.
  func words(_ command: CommandForm) -> [String] {
    switch command {
    case .exec(let words): words
    case .shell(let text): shell + [text]
    }
  }

  var shell: [String] {
    let shell = config.shell ?? []
    return shell.isEmpty ? ["/bin/sh", "-c"] : shell
  }
}

/// A layer that a step has made or found in the cache; uncompressed.
struct BuiltLayer: Hashable, Sendable {
  var descriptor: Descriptor
  var diffID: Digest
}
