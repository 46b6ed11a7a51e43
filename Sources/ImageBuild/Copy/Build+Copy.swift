internal import ContentHash
internal import Dockerfile
internal import JSON
internal import LayerArchive
internal import Linux
internal import OCIImageSpec

/// Where an instruction's sources come from: opened only when they must be read.
enum CopyOrigin {
  case context(String?)
  /// A finished stage or an image: its root file system is what its chain ID says.
  case state(StageState, label: String)
}

extension Build {
  func copy(
    _ body: CopyInstruction, _ expand: StageExpander, _ state: inout StageState, _ step: Step, _ stage: Int
  ) throws(BuildError) {
    var text = "COPY"
    var request = try request(body.sources, body.heredocs, body.destination, expand, state, &text, (body.chown, body.chmod, body.parents))
    request.keepsParents = body.parents ?? false
    request.exclude = try body.exclude.map { (word) throws(BuildError) in try expand(word) }
    request.isLink = body.link ?? false
    for source in request.sources {
      if isURL(source) { throw BuildError("COPY '\(source)': COPY takes no URLs, ADD does") }
    }
    progress.begin(step.title(body.from.map { "COPY --from=\($0)" + text.dropFirst(4) } ?? text), place: step.place)
    try attemptCopy(&state, text) { () throws(BuildError) in (request, try origin(body.from, stage)) }
  }

  func add(_ body: AddInstruction, _ expand: StageExpander, _ state: inout StageState, _ step: Step) throws(BuildError) {
    var text = "ADD"
    var request = try request(body.sources, body.heredocs, body.destination, expand, state, &text, (body.chown, body.chmod, nil))
    request.exclude = try body.exclude.map { (word) throws(BuildError) in try expand(word) }
    request.isLink = body.link ?? false
    request.unpacks = body.unpack ?? true
    request.unpacksRemote = body.unpack ?? false
    let checksum = try body.checksum.map { (word) throws(BuildError) in try expand(word) }
    progress.begin(step.title(text), place: step.place)
    try attemptCopy(&state, text) { () throws(BuildError) in
      for (index, source) in request.sources.enumerated() {
        request.remotes[index] = try remoteSource(source, checksum: checksum, keepsGitDirectory: body.keepGitDir)
      }
      if checksum != nil, request.remotes.count != 1 || request.sources.count != 1 {
        throw BuildError("--checksum needs one URL or git repository as its only source")
      }
      return (request, .context(nil))
    }
  }

  private func isURL(_ source: String) -> Bool { source.hasPrefix("http://") || source.hasPrefix("https://") }

  /// What COPY and ADD have in common; `text` becomes the history's.
  private func request(
    _ sources: [String], _ heredocs: [Heredoc], _ destination: String, _ expand: StageExpander, _ state: StageState, _ text: inout String,
    _ flags: (chown: String?, chmod: String?, parents: Bool?)
  ) throws(BuildError) -> CopyRequest {
    let target = try expand(destination)
    var request = CopyRequest(destination: Self.absolute(target, state.workingDirectory))
    if flags.parents == true { text += " --parents" }
    if let chown = flags.chown {
      let owner = try expand(chown)
      if !owner.isEmpty {
        text += " --chown=\(owner)"
        do throws(BuildError) {
          request.owner = try CopyRequest.Owner(owner) { () throws(BuildError) in try accounts(state) }
        } catch { throw BuildError("--chown=\(owner): \(error.message)") }
      }
    }
    if let chmod = flags.chmod {
      let mode = try expand(chmod)
      if !mode.isEmpty {
        text += " --chmod=\(mode)"
        request.mode = try ModeChange(mode)
      }
    }
    for source in sources {
      let word = try expand(source)
      text += " \(word)"
      request.sources.append(word)
    }
    for heredoc in heredocs {
      let content = heredoc.expand ? try expand.body(heredoc.content) : heredoc.content
      request.inlines.append(CopyRequest.Inline(name: heredoc.name, content: Array(content.utf8)))
      text += " <<\(heredoc.name)"
    }
    text += " \(target)"
    return request
  }

  /// A destination relative to the working directory; the trailing `/` stays, and `.` gets one.
  static func absolute(_ path: String, _ directory: String) -> String {
    if path.hasPrefix("/") { return path }
    let relative = path == "." || path.isEmpty ? "" : path
    return (directory.hasSuffix("/") ? directory : directory + "/") + relative
  }

  /// What `--from` means.
  func origin(_ from: String?, _ stage: Int) throws(BuildError) -> CopyOrigin {
    guard let from else { return .context(nil) }
    if let name = options.contextName(from) {
      return options.contexts[name]?.isImage == true ? .state(try namedState(name), label: "the build context '\(from)'") : .context(name)
    }
    if let index = try graph.source(from, in: stage) { return .state(try self.stage(index), label: "stage '\(from)'") }
    if from == "scratch" { throw BuildError("--from=scratch: there is nothing in it") }
    return .state(try image(from), label: "image '\(from)'")
  }

  private func attemptCopy(
    _ state: inout StageState, _ text: String, _ prepare: () throws(BuildError) -> (CopyRequest, CopyOrigin)
  ) throws(BuildError) {
    let name = text.prefix { $0 != " " }
    do throws(BuildError) {
      let (request, origin) = try prepare()
      let (layer, isCached) = try copyLayer(state, request, origin)
      state.commit(text + " # buildkit", layer: layer)
      if isCached { progress.cached(layer) } else { progress.done(layer) }
    } catch {
      progress.failed()
      throw BuildError("\(name) \(error.message)", at: error.place)
    }
  }

  /// The instruction's layer, from the cache where nothing has changed.
  func copyLayer(
    _ state: StageState, _ request: CopyRequest, _ origin: CopyOrigin
  ) throws(BuildError) -> (layer: BuiltLayer, isCached: Bool) {
    let began = Timestamp.now
    var key = key(state, request)
    var latest: Timestamp?
    switch origin {
    case .context(let name):
      if request.hasLocalSources {
        let (fingerprint, changed) = try fingerprint(request, try context(name))
        key["files"] = .string("\(fingerprint)")
        latest = changed
      }
    case .state(let source, _): key["from"] = .string(source.chainID)
    }
    // A file changed in the very moment of the look could change again and look the same.
    let isSettled = latest.map({ $0.seconds < began.seconds - 1 || $0 < began.advanced(milliseconds: -20) }) ?? true
    return try layer(key, isRecorded: isSettled) { () throws(BuildError) in try writeLayer(state, request, origin) }
  }

  private func key(_ state: StageState, _ request: CopyRequest) -> CacheKey {
    var key = CacheKey("copy")
    key["parent"] = .string(request.isLink ? "" : state.chainID)
    key["epoch"] = .string(epoch.text + (epoch.isChosen ? " chosen" : ""))
    key["sources"] = .strings(request.sources)
    key["inlines"] = .array(
      request.inlines.map { ["name": .string($0.name), "content": .string("\(ContentHash.contentDigest(of: $0.content))")] })
    key["destination"] = .string(request.destination)
    key["owner"] = .text(request.owner.map { "\($0.userID):\($0.groupID)" })
    key["mode"] = .text(request.mode?.text)
    key["parents"] = .bool(request.keepsParents)
    key["exclude"] = .strings(request.exclude)
    key["link"] = .bool(request.isLink)
    key["unpacks"] = .bool(request.unpacks)
    if !request.remotes.isEmpty {
      key["remotes"] = .array(request.sources.indices.map { request.remotes[$0]?.key ?? .null })
      key["unpacksRemote"] = .bool(request.unpacksRemote)
    }
    return key
  }

  /// The state of the sources in a context, each source apart from the others and from what the image has.
  private func fingerprint(_ request: CopyRequest, _ root: SourceRoot) throws(BuildError) -> (digest: Digest, latest: Timestamp) {
    let visitor = CopyFingerprint()
    for (index, source) in request.sources.enumerated() where request.remotes[index] == nil {
      visitor.add(Array(source.utf8))
      var alone = request
      alone.destination = "/source"
      alone.owner = nil
      alone.isLink = true
      alone.unpacks = false
      let words = request.keepsParents ? nil : try root.matches(source)
      if let words {
        for match in words {
          visitor.add(match.name)
          visitor.add(match.path.bytes)
          var plan = try CopyPlan(alone, ImageTree([], epoch), epoch)
          try plan.add(match, pattern: nil)
          try CopyWalk.visit(plan, visitor)
        }
      } else {
        var plan = try CopyPlan(alone, ImageTree([], epoch), epoch)
        try plan.add(source, from: root)
        try CopyWalk.visit(plan, visitor)
      }
    }
    return (visitor.finish(), visitor.latest)
  }

  private func writeLayer(_ state: StageState, _ request: CopyRequest, _ origin: CopyOrigin) throws(BuildError) -> BuiltLayer {
    var plan = try CopyPlan(request, try indexes.tree(state), epoch)
    for (index, source) in request.sources.enumerated() {
      if let remote = request.remotes[index] {
        for match in try open(remote) { try plan.add(match, unpacks: request.unpacksRemote) }
        continue
      }
      switch origin {
      case .context(let name): try plan.add(source, from: try context(name))
      case .state(let state, let label): try plan.add(source, from: try tree(state, label: label))
      }
    }
    for inline in request.inlines { try plan.add(inline) }
    return try writeLayer(plan)
  }

  func writeLayer(_ plan: CopyPlan) throws(BuildError) -> BuiltLayer {
    try store.buildLayer(hold, ordered: plan.archives.isEmpty) { (writer) throws(BuildError) in
      try CopyWalk.visit(plan, CopyLayer(writer, CopyMetadata(request: plan.request, epoch: epoch)))
      for (match, directory) in plan.archives { try plan.extract(match, at: directory, writer, epoch) }
    }
  }
}

extension Timestamp {
  fileprivate func advanced(milliseconds: Int64) -> Timestamp {
    let total = Int64(nanoseconds) + milliseconds * 1_000_000
    let (quotient, remainder) = total.quotientAndRemainder(dividingBy: 1_000_000_000)
    return remainder < 0
      ? Timestamp(seconds: seconds + quotient - 1, nanoseconds: UInt32(remainder + 1_000_000_000))
      : Timestamp(seconds: seconds + quotient, nanoseconds: UInt32(remainder))
  }
}
