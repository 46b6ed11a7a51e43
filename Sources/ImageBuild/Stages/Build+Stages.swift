internal import Dockerfile
package import ImageStore
internal import JSON
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

// Stages that do not need each other are built at the same time, each by a process of its own that shares nothing but the store and its
// cache. A stage of which the cache has everything is not worth a process.

extension Build {
  /// Builds what the target needs, and leaves the target itself to this process.
  func buildStages(_ needed: [Int]) throws(BuildError) {
    guard let child = options.stageProcesses, needed.count > 2, explanation == nil else { return }
    var waiting = Set(needed).subtracting([graph.target])
    var running: [StageProcess] = []
    do throws(BuildError) {
      while !waiting.isEmpty || !running.isEmpty {
        let ready = try ready(waiting)
        var missing: [Int] = []
        for index in ready { if try look(index) { waiting.remove(index) } else { missing.append(index) } }
        if missing.count < ready.count { continue }
        if running.isEmpty, missing.count == 1 {
          // Nothing else can be done meanwhile.
          _ = try stage(missing[0])
          waiting.remove(missing[0])
          continue
        }
        for index in missing where running.count < child.count {
          running.append(try start(index, child, running.count + 1))
          waiting.remove(index)
        }
        try awaitOne(of: &running)
      }
    } catch {
      for process in running { process.stop() }
      for process in running {
        while (try? process.read()) == true {}
        _ = try? process.finish()
      }
      workspace.removeLeftovers()
      throw error
    }
  }

  /// The stages of which all that they need is finished, in order.
  private func ready(_ waiting: Set<Int>) throws(BuildError) -> [Int] {
    var ready: [Int] = []
    for index in waiting.sorted() where try graph.dependencies(of: index, options).allSatisfy({ stages[$0] != nil }) { ready.append(index) }
    return ready
  }

  private func start(_ index: Int, _ child: BuildOptions.StageProcesses, _ lane: Int) throws(BuildError) -> StageProcess {
    try attempting("cannot build stage \(index)") {
      var request = StageRequest(document: try JSONValue(parsing: child.document), stages: [:], contexts: [:])
      for (index, state) in stages { request.stages[String(index)] = StageRecord(state) }
      for (name, source) in [("", options.context)] + options.contexts.map({ ($0.key, Optional($0.value)) }) {
        guard let source, !source.isImage else { continue }
        request.contexts[name] = try contextDirectory(name.isEmpty ? nil : name, source).string
      }
      return try StageProcess(index, lane: lane, child.arguments, try encodeJSON(request), progress)
    }
  }

  /// Waits until one of the processes has ended, or a signal comes that ends the build.
  private func awaitOne(of running: inout [StageProcess]) throws(BuildError) {
    let signals = try reporting { try SignalReader() }
    defer { Signal.resetAll() }
    while true {
      let ready = try reporting {
        try waitReadable(running.map(\.descriptor) + [signals.descriptor.rawValue], milliseconds: 100)
      }
      if ready.isEmpty { progress.tick() }
      if ready.contains(signals.descriptor.rawValue), let signal = try reporting({ try signals.next() }), [1, 2, 3, 15].contains(signal) {
        throw BuildError("interrupted by signal \(signal)")
      }
      for (position, process) in running.enumerated() where ready.contains(process.descriptor) {
        if try reporting({ try process.read() }) { continue }
        running.remove(at: position)
        let record = try process.finish()
        notedSteps += record.notedSteps
        materials += record.materials
        adopt(record.state(epoch), as: process.index)
        return
      }
    }
  }

  /// Takes a stage from the cache alone; false where a step of it must be carried out.
  private func look(_ index: Int) throws(BuildError) -> Bool {
    let planned = graph.stages[index]
    if options.pull == .always || ignoresCache(planned) { return false }
    if planned.baseStage == nil, planned.base != "scratch", options.contextName(planned.base) == nil,
      (try? store.resolve(planned.base, platform: planned.platform.flatMap { Platform($0) } ?? options.platform)) == nil
    {
      return false
    }
    let shown = progress
    let noted = notedSteps.count
    progress = Progress(.quiet)
    isLooking = true
    defer {
      isLooking = false
      progress = shown
    }
    // Why it cannot be done is said when it is done.
    guard (try? stage(index)) != nil else {
      notedSteps.removeSubrange(noted...)
      return false
    }
    for step in progress.finished { shown.close(shown.open(step.name, place: step.place, lane: 0), step.outcome, step.layer) }
    return true
  }
}

extension BuildGraph {
  /// The stages that a stage takes from.
  func dependencies(of index: Int, _ options: BuildOptions) throws(BuildError) -> Set<Int> {
    let stage = stages[index]
    if options.contextName(stage.stage.from.stageName) != nil { return [] }
    var found: Set<Int> = stage.baseStage.map { [$0] } ?? []
    for instruction in stage.stage.instructions {
      do throws(BuildError) {
        for from in Self.sources(instruction) { if let source = try source(from, in: index) { found.insert(source) } }
      } catch { throw error.at(options.place(instruction.source)) }
    }
    return found
  }
}

/// Builds one stage for another process, which gave the request.
/// - Returns: what that process wants on standard output.
package func buildStage(
  _ index: Int, _ request: [UInt8], _ options: BuildOptions, in store: ImageStore
) throws(BuildError) -> [UInt8] {
  // A build that is killed takes its stages with it.
  try reporting { try ProcessAttributes.setParentDeathSignal(Signal.terminate) }
  return try reporting {
    let request = try decodeJSON(StageRequest.self, from: request)
    let document = try decodeJSON(DockerfileDocument.self, from: request.document)
    var options = options
    for (name, path) in request.contexts {
      if name.isEmpty { options.context = .directory(FilePath(path)) } else { options.contexts[name] = .directory(FilePath(path)) }
    }
    let build = try Build(document, options, store, Progress(.json))
    for (index, record) in request.stages {
      if let index = Int(index) { build.adopt(record.state(build.epoch), as: index) }
    }
    let state = try build.stage(index)
    return try encodeJSON(StageRecord(state, steps: build.notedSteps, materials: build.materials))
  }
}
