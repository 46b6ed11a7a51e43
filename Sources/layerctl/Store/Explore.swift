import ArgumentParser
import CommandSupport
import ImageStore
import JSON
import LayerArchive
import LayerStore
import OCIImageSpec

/// `layerctl explore IMAGE`: what each layer has added, changed, removed and wasted.
struct Explore: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what each layer of an image has added, changed, removed and wasted.",
    discussion: "Wasted are the bytes that a layer has brought and a later one replaces or removes.")

  @OptionGroup var location: StoreLocation
  @ArgumentParser.Option(help: "Which image of several: os/architecture[/variant].") var platform: String?
  @ArgumentParser.Option(help: "'table', 'table TEMPLATE', 'json' or a Go template for each layer.") var format: String?
  @Flag(help: "List the paths that each layer has changed as well.") var paths = false
  @Flag(help: "Do not cut output short.") var noTrunc = false
  @ArgumentParser.Argument(help: "A name or an ID.") var image: String

  private static let titles = [
    ("Layer", "LAYER"), ("Size", "SIZE"), ("Added", "ADDED"), ("Changed", "CHANGED"), ("Removed", "REMOVED"), ("Wasted", "WASTED"),
    ("CreatedBy", "CREATED BY"), ("DiffID", "DIFF ID"), ("Digest", "DIGEST"),
  ]

  func run() {
    let store = location.store
    orFail {
      let image = try store.resolve(image, platform: try platform.map(parsePlatform)).image
      let (stack, layers) = try store.explore(image)
      if format == "json" {
        let document = document(image, stack, layers)
        return printText(String(decoding: document.serialized(pretty: true), as: UTF8.self))
      }
      let format = try OutputFormat(
        format, table: "{{.Layer}}\t{{.Size}}\t{{.Added}}\t{{.Changed}}\t{{.Removed}}\t{{.Wasted}}\t{{.CreatedBy}}")
      let rows = layers.indices.map { row($0, layers[$0], stack.effects[$0], commands(image)) }
      printText(try format.render(rows, titles: Self.titles))
      if case .table = format { printSummary(stack) }
      if paths { for (index, effect) in stack.effects.enumerated() { printPaths(index, effect) } }
    }
  }

  // MARK: For people

  private func row(_ index: Int, _ layer: LayerDescription, _ effect: LayerEffect, _ commands: [String]) -> JSONValue {
    func text(_ amount: LayerEffect.Amount) -> JSONValue {
      .string(amount.entries == 0 ? "-" : "\(amount.entries) (\(humanSize(amount.bytes)))")
    }
    let command = (index < commands.count ? commands[index] : "").replacing("\t", with: " ")
    return [
      "Layer": .string("\(index + 1)"), "Size": .string(humanSize(layer.uncompressedSize)), "Added": text(effect.added),
      "Changed": text(effect.changed), "Removed": text(effect.removed),
      "Wasted": .string(effect.wasted == 0 ? "-" : humanSize(effect.wasted)),
      "CreatedBy": .string(noTrunc ? command : ellipsis(command, 45)), "DiffID": .string("\(layer.diffID)"),
      "Digest": .string("\(layer.digest)"),
    ]
  }

  private func printSummary(_ stack: LayerStack) {
    printLine("")
    printLine("Files: \(humanSize(stack.shownBytes)), wasted: \(humanSize(stack.wastedBytes)), efficiency: \(efficiency(stack)) %")
    let worst = stack.wastedPaths.prefix(noTrunc ? .max : 10)
    if worst.isEmpty { return }
    let lines = worst.map { "\(humanSize($0.bytes))\t\($0.times)\t/\($0.path)\n" }.joined()
    printLine("")
    printText(alignColumns("WASTED\tTIMES\tPATH\n" + lines))
  }

  /// In percent, rounded down.
  private func efficiency(_ stack: LayerStack) -> Int64 {
    let all = stack.shownBytes + stack.wastedBytes
    return all == 0 ? 100 : stack.shownBytes * 100 / all
  }

  private func printPaths(_ index: Int, _ effect: LayerEffect) {
    printLine("\nLayer \(index + 1):")
    for (path, change, size) in effect.changes { printLine("\(change.letter) \(size) /\(path)") }
  }

  /// What made each layer, as the history has it.
  private func commands(_ image: StoredImage) -> [String] {
    (image.configuration.history ?? []).filter { $0.emptyLayer != true }.map { $0.createdBy ?? $0.comment ?? "" }
  }

  // MARK: For programs

  /// `schemas/explore.schema.json`.
  private func document(_ image: StoredImage, _ stack: LayerStack, _ layers: [LayerDescription]) -> JSONValue {
    let commands = commands(image)
    return [
      "id": .string("\(image.id)"), "names": .array(image.names.map { .string($0.familiarDescription) }),
      "bytes": .integer(stack.shownBytes), "wasted": .integer(stack.wastedBytes),
      "layers": .array(
        layers.indices.map { index in
          var layer = json(layers[index], stack.effects[index])
          if index < commands.count { layer["createdBy"] = .string(commands[index]) }
          return layer
        }),
      "wastedPaths": .array(
        stack.wastedPaths.map { ["path": .string("/\($0.path)"), "times": .integer($0.times), "bytes": .integer($0.bytes)] }),
    ]
  }

  private func json(_ layer: LayerDescription, _ effect: LayerEffect) -> JSONValue {
    func json(_ amount: LayerEffect.Amount) -> JSONValue { ["entries": .integer(amount.entries), "bytes": .integer(amount.bytes)] }
    var value = layer.json
    value["added"] = json(effect.added)
    value["changed"] = json(effect.changed)
    value["removed"] = json(effect.removed)
    value["wasted"] = .integer(effect.wasted)
    if paths {
      value["paths"] = .array(
        effect.changes.map { ["path": .string("/\($0.path)"), "change": .string($0.change.letter), "bytes": .integer($0.size)] })
    }
    return value
  }
}

extension TreeDifference.Change {
  /// docker diff's.
  var letter: String {
    switch self {
    case .added: "A"
    case .modified: "C"
    case .removed: "D"
    }
  }
}
