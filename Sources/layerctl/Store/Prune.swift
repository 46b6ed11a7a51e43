import ArgumentParser
import CommandSupport
import ImageStore

/// `layerctl prune`: docker's image prune.
struct Prune: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Remove images without a name, or all that no container uses.")

  @OptionGroup var location: StoreLocation
  @Flag(name: .shortAndLong, help: "Remove every image that no container uses.") var all = false
  @Flag(name: .shortAndLong, help: "Accepted for docker's sake: nothing is asked.") var force = false
  @ArgumentParser.Option(help: "Filter: label= until=") var filter: [String] = []

  func run() {
    let store = location.store
    orFail {
      let filter = try ImageFilter(filter, store)
      let result = try store.prune({ (all || $0.isDangling) && filter.accepts($0) })
      if !result.steps.isEmpty {
        printLine("Deleted Images:")
        for step in result.steps { printLine(step.pruneText) }
        printLine("")
      }
      printLine("Total reclaimed space: \(humanSize(result.collected.size))")
    }
  }
}
