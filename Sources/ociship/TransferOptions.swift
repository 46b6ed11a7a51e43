import ArgumentParser
import CommandSupport
import OCIImageSpec

/// What pull, push and copy have in common.
struct TransferOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Say nothing but the image's name.") var quiet = false
  @ArgumentParser.Option(name: [.short, .long], help: ArgumentHelp("Connections at once (4).", valueName: "n")) var jobs = 4
  @ArgumentParser.Option(
    name: .long, help: ArgumentHelp("The platform to choose from an index (os/arch[/variant]).", valueName: "platform"))
  var platform: String?
  @Flag(name: .long, help: "Say what would be transferred, and transfer nothing.") var dryRun = false

  mutating func validate() throws {
    guard (1...64).contains(jobs) else { throw ValidationError("--jobs '\(jobs)': a number from 1 to 64") }
  }

  /// The platform that was typed.
  var wanted: Platform? {
    get throws {
      guard let platform else { return nil }
      guard let wanted = Platform(platform) else { throw Failure("'\(platform)': a platform is os/arch[/variant]") }
      return wanted
    }
  }
}
