internal import JSON
internal import OCIImageSpec

/// A finished stage on its way between processes.
struct StageRecord: Codable {
  private struct Argument: Codable {
    var name: String
    var value: String?
  }

  private struct Step: Codable {
    var key: JSONValue
    var layer: Descriptor
    var diffID: Digest
  }

  private var image: ImageConfiguration
  private var layers: [Descriptor]
  private var baseLayerCount: Int
  private var baseHistoryCount: Int
  private var environment: [String]
  private var arguments: [Argument]
  private var hasCommand: Bool
  private var steps: [Step]
  private(set) var materials: [Material]

  init(_ state: StageState, steps: [(key: CacheKey, layer: BuiltLayer)] = [], materials: [Material] = []) {
    self.materials = materials
    image = state.image
    layers = state.layers
    baseLayerCount = state.baseLayerCount
    baseHistoryCount = state.baseHistoryCount
    environment = state.environment.lines
    arguments = state.arguments.map { Argument(name: $0.name, value: $0.value) }
    hasCommand = state.hasCommand
    self.steps = steps.map { Step(key: .object($0.key.parts), layer: $0.layer.descriptor, diffID: $0.layer.diffID) }
  }

  func state(_ epoch: BuildEpoch) -> StageState {
    var state = StageState(base: image, layers: layers, epoch)
    // Its triggers are for the stage that is built from it.
    state.config.onBuild = image.config?.onBuild
    state.triggers = []
    state.baseLayerCount = baseLayerCount
    state.baseHistoryCount = baseHistoryCount
    state.environment = EnvironmentList(environment)
    state.arguments = arguments.map { ($0.name, $0.value) }
    state.hasCommand = hasCommand
    return state
  }

  var notedSteps: [(key: CacheKey, layer: BuiltLayer)] {
    steps.compactMap { step in
      guard let parts = step.key.objectValue, let key = CacheKey(parts) else { return nil }
      return (key, BuiltLayer(descriptor: step.layer, diffID: step.diffID))
    }
  }
}

/// What a process that builds one stage is told on standard input.
struct StageRequest: Codable {
  var document: JSONValue
  /// The stages that are finished, by index.
  var stages: [String: StageRecord]
  /// Directories of contexts that have been fetched; "" is the main one.
  var contexts: [String: String]
}
