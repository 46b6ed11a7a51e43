import ArgumentParser
import CommandSupport
import ImageStore
import LayerStore
import Linux
import OCIImageSpec

/// `layerctl verify IMAGE…`: recomputes all that an image says of itself.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recompute an image's sizes and digests, those of the uncompressed layers included.")

  @OptionGroup var location: StoreLocation
  @ArgumentParser.Option(help: "Which image of several: os/architecture[/variant].") var platform: String?
  @ArgumentParser.Argument(help: "Names or IDs.") var images: [String]

  func run() {
    let store = location.store
    var failed = false
    for typed in images {
      do {
        let image = try store.resolve(typed, platform: try platform.map(parsePlatform)).image
        let problems = store.verify(image)
        for problem in problems { Diagnostics.error("\(typed): \(problem)") }
        if problems.isEmpty { printLine("\(typed): \(image.id): \(image.manifest.layers.count) layers verified") }
        failed = failed || !problems.isEmpty
      } catch {
        Diagnostics.error("\(error)")
        failed = true
      }
    }
    if failed { exitProcess(CommandSupport.ExitCode.failure) }
  }
}
