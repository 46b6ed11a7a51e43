internal import Dockerfile
internal import JSON
internal import LayerArchive
internal import OCIImageSpec

extension Build {
  /// Sets the working directory and makes it, owned by USER, where the image does not have it.
  func workdir(_ body: WorkdirInstruction, _ expand: StageExpander, _ state: inout StageState, _ step: Step) throws(BuildError) {
    let word = try expand(body.path)
    let path = Self.workingDirectory(word, state.workingDirectory)
    state.config.workingDir = path
    let text = "WORKDIR \(path)"
    if path == "/" { return state.commit(text) }
    progress.begin(step.title(text), place: step.place)
    do throws(BuildError) {
      let (layer, isCached) = try workdirLayer(state, path)
      state.commit(text, layer: layer)
      if isCached { progress.cached(layer) } else { progress.done(layer) }
    } catch {
      progress.failed()
      throw BuildError("\(text): \(error.message)", at: error.place)
    }
  }

  private func workdirLayer(_ state: StageState, _ path: String) throws(BuildError) -> (layer: BuiltLayer, isCached: Bool) {
    var request = CopyRequest(destination: path.hasSuffix("/") ? path : path + "/")
    if let user = state.config.user, !user.isEmpty {
      request.owner = try CopyRequest.Owner(user) { () throws(BuildError) in try accounts(state) }
    }
    var key = CacheKey("workdir")
    key["parent"] = .string(state.chainID)
    key["epoch"] = .string(epoch.text)
    key["path"] = .string(path)
    key["owner"] = .text(request.owner.map { "\($0.userID):\($0.groupID)" })
    return try layer(key) { () throws(BuildError) in
      var plan = try CopyPlan(request, try indexes.tree(state), epoch)
      try plan.makeDestination()
      return try writeLayer(plan)
    }
  }

  /// Relative to the last one, cleaned; a trailing `/` stays.
  static func workingDirectory(_ word: String, _ current: String) -> String {
    let joined = word.hasPrefix("/") ? word : current + "/" + word
    var path = String(decoding: cleanPath(Array(joined.utf8)), as: UTF8.self)
    if word.hasSuffix("/"), path != "/" { path += "/" }
    return path
  }
}
