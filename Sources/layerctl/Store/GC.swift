import ArgumentParser
import CommandSupport
import ImageStore

/// `layerctl gc`: removes what nothing needs and makes the rest safe on the disk.
struct GC: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Remove content that no image, container or build needs.")

  @OptionGroup var location: StoreLocation
  @Flag(help: "Only say what would be removed.") var dryRun = false
  @Flag(help: "Do not wait where the store is in use: end with exit code 1.") var noWait = false

  func run() {
    let store = location.store
    orFail {
      guard let collected = try store.collectGarbage(dryRun: dryRun, waiting: !noWait) else { fail("the image store is in use") }
      for digest in collected.blobs { printLine("blob \(digest)") }
      for digest in collected.layers { printLine("layer \(digest)") }
      for name in collected.leftovers { printLine("leftover \(name)") }
      printLine("Total reclaimed space: \(humanSize(collected.size))")
      if !dryRun { try store.synchronizeLayers() }
    }
  }
}
