import ArgumentParser
import CommandSupport
import Dockerfile
import ImageBuild
import ImageStore
import JSON
import Linux
import OCIImageSpec
import SystemPackage

/// `layerctl build AST|-`: builds an image from dfparse's JSON, with docker build's flags.
struct BuildVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build", abstract: "Build an image from dfparse's JSON.",
    discussion: "Typical use: dfparse Dockerfile | layerctl build -t NAME --context . -")

  @OptionGroup var location: StoreLocation
  @OptionGroup var flags: BuildFlags
  @ArgumentParser.Argument(help: "dfparse's JSON; - is standard input.") var ast: String

  func run() {
    let store = location.store
    var options: BuildOptions
    do { options = try flags.options() } catch { fail("\(error)", CommandSupport.ExitCode.usage) }
    orFail {
      if let stage = flags.stage {
        return try StandardStream.output.write(try buildStage(stage, try StandardStream.input.readAll(), options, in: store))
      }
      let bytes = ast == "-" ? try StandardStream.input.readAll() : try readFile(FilePath(ast))
      let document: DockerfileDocument
      do { document = try decodeJSON(DockerfileDocument.self, from: bytes) } catch {
        fail("'\(ast)' is not dfparse's JSON: \(error)")
      }
      // One terminal is for one shell.
      let isInteractive = options.isShellOnFailure || !options.breakLines.isEmpty
      options.stageProcesses =
        isInteractive
        ? nil
        : BuildOptions.StageProcesses(
          arguments: BuildFlags.normalized(Array(CommandLine.arguments.dropFirst())), document: bytes,
          count: flags.jobs ?? max(2, processorCount))
      if flags.explain { return tell(try explain(document, options, in: store)) }
      let keep = try flags.keepStorage.map { try cacheSize($0, "--keep-storage") }
      try perform(document, options, store)
      // The image is there, whatever becomes of the cache.
      do { try boundCache(store, keep) } catch { Diagnostics.warning("\(error)") }
    }
  }

  private func perform(_ document: DockerfileDocument, _ options: BuildOptions, _ store: ImageStore) throws {
    let progress = Progress(flags.form)
    defer {
      // Of a build that failed, too: it shows where.
      if let path = flags.trace {
        do { try replaceFile(FilePath(path), with: progress.trace.serialized() + [10]) } catch { Diagnostics.warning("\(error)") }
      }
    }
    let result = try build(document, options, in: store, progress)
    for output in options.outputs { try write(result, to: output) }
    for place in options.cacheTargets { try result.exportCache(to: place) }
    if let path = flags.iidfile { try replaceFile(FilePath(path), with: Array("\(result.id)".utf8)) }
    if let path = flags.metadataFile {
      try replaceFile(FilePath(path), with: metadata(result).serialized(pretty: true) + [10])
    }
    if options.outputs.contains(where: \.isStandardOutput) { return }
    if flags.quiet { printLine("\(result.id)") } else { summarize(result, options.outputs) }
  }

  private func tell(_ steps: [StepExplanation]) {
    if flags.form == .json { return steps.forEach { printLine("\($0.json)") } }
    for step in steps {
      printLine("\(step.outcome == .cached ? "cached" : "runs  ")  \(step.place.map { $0 + ": " } ?? "")\(step.name)")
      for reason in step.reasons { printLine("          \(reason)") }
    }
  }

  private func write(_ result: BuildResult, to output: BuildOutput) throws {
    switch output {
    case .image(_, let isPushed): if isPushed { try result.push() }
    case .local(let directory): try result.extract(to: directory) { (sink) throws(BuildError) in try result.writeTree(to: sink) }
    case .tar(let file): try writeArchive(to: file?.string, verb: "write an archive") { try result.writeTree(to: $0) }
    case .archive(let file, let names):
      try writeArchive(to: file?.string, verb: "write an archive") { try result.writeImage(to: $0, names: names) }
    case .layout(let directory, let names):
      try result.extract(to: directory) { (sink) throws(BuildError) in try result.writeImage(to: sink, names: names) }
    case .cacheOnly: break
    }
  }

  private func summarize(_ result: BuildResult, _ outputs: [BuildOutput]) {
    if flags.form != .plain { return }
    if result.isStored { try? StandardStream.error.write("wrote image \(result.id)\n") }
    for tag in result.tags { try? StandardStream.error.write("named \(tag.familiarDescription)\n") }
    for output in outputs { if let place = output.place { try? StandardStream.error.write("wrote '\(place)'\n") } }
  }

  /// As buildx writes it.
  private func metadata(_ result: BuildResult) -> JSONValue {
    var object: JSONObject = [
      "containerimage.config.digest": .string("\(result.id)"),
      "containerimage.digest": .string("\(result.manifest.digest)"),
      "containerimage.descriptor": [
        "mediaType": .string("\(result.manifest.mediaType)"), "digest": .string("\(result.manifest.digest)"),
        "size": .integer(result.manifest.size),
      ],
    ]
    if !result.tags.isEmpty { object["image.name"] = .string(result.tags.map(\.description).joined(separator: ",")) }
    return .object(object)
  }
}
