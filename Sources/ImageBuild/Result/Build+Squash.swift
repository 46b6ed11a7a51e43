internal import ImageStore
internal import LayerArchive
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

extension Build {
  /// The same root file system with one layer above the base image's; the history tells of the steps all the same.
  func squashed(_ state: StageState) throws(BuildError) -> StageState {
    if state.layers.count <= state.baseLayerCount + 1 { return state }
    var squashed = state
    squashed.layers = Array(state.layers[..<state.baseLayerCount])
    squashed.image.rootfs.diffIDs = Array(state.image.rootfs.diffIDs[..<state.baseLayerCount])
    let old = try tree(squashed, label: "the base image")
    let new = try tree(state, label: "the result")
    let progress = progress
    progress.begin("squashing \(state.layers.count - state.baseLayerCount) layers", place: nil)
    let layer = try store.buildLayer(hold) { (writer) throws(BuildError) in
      try attempting("cannot squash the layers") {
        let after = try new.root.open(FilePath("."), [.readOnly, .directory])
        let difference = try TreeDifference(from: try old.root.open(FilePath("."), [.readOnly, .directory]), to: after)
        try writer.add(difference, of: after, TreeOptions(warn: { progress.warning("'\($0)': \($1)") }))
      }
    }
    progress.done()
    var history = squashed.image.history ?? []
    for index in history.indices.dropFirst(state.baseHistoryCount) { history[index].emptyLayer = true }
    squashed.image.history = history
    squashed.commit("squash", layer: layer)
    return squashed
  }
}
