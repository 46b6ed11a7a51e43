import ArgumentParser
import CommandSupport
import JSON
import LayerArchive
import Linux

/// `layerctl hash [FILE…]`: digests and sizes of layers, which are read through and checked.
struct Hash: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Print a layer's digest, diffID, sizes and media type as JSON.")

  @OptionGroup var limits: LimitOptions
  @Flag(help: "Print the diffID alone.") var diffID = false
  @ArgumentParser.Argument(help: "Layers; '-' or none is standard input.") var files: [String] = []

  func run() {
    forEach(files.isEmpty ? ["-"] : files) { file in
      do {
        let layer = try checkLayer(try layerSource(file), limits: limits.limits)
        printLine(diffID ? "\(layer.diffID)" : String(decoding: layer.json.serialized(pretty: true), as: UTF8.self))
      } catch { throw NamedFailure(name: file, problem: "\(error)") }
    }
  }
}

/// An error of one of several operands.
struct NamedFailure: Error, CustomStringConvertible {
  let name: String
  let problem: String
  var description: String { "\(name == "-" ? "standard input" : name): \(problem)" }
}
