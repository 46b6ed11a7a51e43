internal import Dockerfile
internal import ImageStore
internal import LayerStore
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

/// One build: the stages built so far and what they share.
final class Build {
  let document: DockerfileDocument
  let options: BuildOptions
  let store: ImageStore
  let hold: ContentHold
  var progress: Progress
  private(set) var cache: BuildCache
  let indexes: LayerIndexes
  let graph: BuildGraph
  let global: EnvironmentList
  let epoch: BuildEpoch
  let workspace: Workspace
  /// What is told of the steps instead of running them.
  let explanation: Explanation?
  /// A step that the cache does not have is an error: it is only found out whether there is one.
  var isLooking = false
  /// What the build is made from besides its context.
  var materials: [Material] = []
  let started = Timestamp(seconds: Timestamp.now.seconds)
  /// Steps that can be exported.
  var notedSteps: [(key: CacheKey, layer: BuiltLayer)] = []
  private(set) var stages: [Int: StageState] = [:]
  private var images: [String: StageState] = [:]
  private var trees: [String: SourceRoot] = [:]
  private var contexts: [String: SourceRoot] = [:]
  private var fetchedContexts: [String: FilePath] = [:]

  init(_ document: DockerfileDocument, _ options: BuildOptions, _ store: ImageStore, _ progress: Progress) throws(BuildError) {
    self.document = document
    self.options = options
    self.store = store
    self.progress = progress
    hold = try reporting { try store.hold() }
    cache = BuildCache(store, isIgnored: options.noCache)
    indexes = LayerIndexes(store, cache.directory)
    graph = try BuildGraph(document, options)
    global = try document.globalArguments(options, target: document.stages[graph.target].from.stageName ?? "")
    epoch = try BuildEpoch(options.buildArguments["SOURCE_DATE_EPOCH"] ?? Environment["SOURCE_DATE_EPOCH"])
    workspace = try Workspace(cache.directory)
    explanation = options.isExplained ? Explanation() : nil
  }

  /// Builds the target and all that it needs.
  func target() throws(BuildError) -> StageState {
    importCaches()
    let needed = try graph.needed(options)
    try buildStages(needed)
    for index in needed { _ = try stage(index) }
    return try stage(graph.target)
  }

  /// Takes a stage that another process has built.
  func adopt(_ state: StageState, as index: Int) { stages[index] = state }

  /// A stage as it is at its end, built when it is first asked for.
  func stage(_ index: Int) throws(BuildError) -> StageState {
    if let built = stages[index] { return built }
    let planned = graph.stages[index]
    let place = options.place(planned.stage.source)
    if let name = options.contextName(planned.stage.from.stageName) {
      progress.begin("[\(name)] the named context", place: place)
      do throws(BuildError) { stages[index] = try namedState(name) } catch { throw error.at(place) }
      progress.done()
      return try stage(index)
    }
    var state: StageState
    do throws(BuildError) { state = try base(of: planned, place) } catch { throw error.at(place) }
    state.begin()
    let triggers = state.triggers
    state.triggers = []
    let steps = StepCount(planned, graph, triggers: triggers.count)
    for trigger in triggers {
      cache.isIgnored = ignoresCache(planned)
      do throws(BuildError) { try run(try parsedTrigger(trigger), in: planned, &state, steps) } catch {
        throw BuildError("ONBUILD \(trigger): \(error.message)", at: error.place ?? place)
      }
    }
    for instruction in planned.stage.instructions {
      // A stage that this one takes from may have been built in between.
      cache.isIgnored = ignoresCache(planned)
      do throws(BuildError) { try run(instruction, in: planned, &state, steps) } catch { throw error.at(options.place(instruction.source)) }
    }
    stages[index] = state
    return state
  }

  func ignoresCache(_ planned: PlannedStage) -> Bool {
    options.noCache || options.noCacheStages.contains(planned.name) || options.noCacheStages.contains(String(planned.index))
  }

  private func parsedTrigger(_ text: String) throws(BuildError) -> Instruction {
    do throws(DockerfileErrors) { return try OnbuildInstruction(expression: text).trigger() } catch {
      throw BuildError(error.errors.first?.text ?? "cannot be parsed")
    }
  }

  private func base(of planned: PlannedStage, _ place: String) throws(BuildError) -> StageState {
    var platform = options.platform
    if let word = planned.platform {
      guard let wanted = Platform(word) else { throw BuildError("FROM --platform=\(word): invalid platform '\(word)'") }
      platform = wanted
    }
    if let index = planned.baseStage { return try stage(index).asBase }
    if planned.base == "scratch" { return StageState(scratch: platform, epoch) }
    progress.begin("[\(planned.name)] FROM \(planned.base)", place: place)
    let state: StageState
    if let name = options.contextName(planned.base) { state = try namedState(name) } else { state = try image(planned.base, platform) }
    progress.done()
    return state
  }

  /// An image of the store, pulled where it is missing.
  func image(_ name: String, _ wanted: Platform? = nil) throws(BuildError) -> StageState {
    let platform = wanted ?? options.platform
    let key = "\(name) \(platform)"
    if let known = images[key] { return known }
    let found = try baseImage(name, platform)
    if let name = try? Reference(name).withDefaultTag {
      let digest = found.target.digest
      materials.append(Material(uri: packageURL(name, platform), digest: [digest.algorithm.rawValue: digest.encoded]))
    }
    let layers = found.manifest.layers.map { layer in
      var layer = layer
      layer.mediaType = layer.mediaType.ociEquivalent
      return layer
    }
    let state = StageState(base: found.configuration, layers: layers, epoch)
    images[key] = state
    return state
  }

  /// The unpacked layers of a state, the topmost first.
  func lowerdirs(_ state: StageState) throws(BuildError) -> [FilePath] {
    let progress = progress
    return try reporting {
      try store.unpack(hold, state.layers, diffIDs: state.image.rootfs.diffIDs, warn: { progress.warning($0) })
    }
  }

  /// The root file system of a state, to read from.
  func tree(_ state: StageState, label: String) throws(BuildError) -> SourceRoot {
    if let known = trees[state.chainID] { return known }
    let root = try openTree(try lowerdirs(state), empty: workspace.path.appending("empty"))
    let tree = SourceRoot(root, isContext: false, label: label)
    trees[state.chainID] = tree
    return tree
  }

  func accounts(_ state: StageState) throws(BuildError) -> Accounts {
    try Accounts(in: try tree(state, label: "the image").root)
  }

  /// The build context (nil), or a named one that is no image; fetched when it is first asked for.
  func context(_ name: String?) throws(BuildError) -> SourceRoot {
    if let known = contexts[name ?? ""] { return known }
    guard let source = name.map({ options.contexts[$0] }) ?? options.context else {
      throw BuildError("there is no build context: give one with --context")
    }
    let label = name.map { "the build context '\($0)'" } ?? "the build context"
    let context = try BuildContext.open(
      try contextDirectory(name, source), dockerfile: name == nil ? options.dockerfile : nil, label: label)
    contexts[name ?? ""] = context
    return context
  }

  /// Where a context's files are, fetched at the first time.
  func contextDirectory(_ name: String?, _ source: ContextSource) throws(BuildError) -> FilePath {
    if case .directory(let path) = source { return path }
    if let known = fetchedContexts[name ?? ""] { return known }
    let label = name.map { "the build context '\($0)'" } ?? "the build context"
    let directory = workspace.fresh("context")
    progress.note("fetching \(label)")
    try fetchContext(
      source, to: directory, dockerfile: directory.appending("Dockerfile"), scratch: workspace.fresh("fetching"),
      keepsGitDirectory: options.buildArguments["BUILDKIT_CONTEXT_KEEP_GIT_DIR"].flatMap(goBool) ?? false)
    fetchedContexts[name ?? ""] = directory
    return directory
  }
}
