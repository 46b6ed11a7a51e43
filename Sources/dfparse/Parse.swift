import ArgumentParser
import Dockerfile

/// `dfparse [FILE|-]`: the Dockerfile as JSON.
struct Parse: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the Dockerfile as JSON (this is what dfparse does when no command is named).")

  @OptionGroup var input: DockerfileInput

  @Flag(help: "Write the JSON on one line.")
  var compact = false

  @Flag(help: "Leave out positions, tokens and original texts.")
  var noSource = false

  func run() {
    var document = input.parse(input.read())
    if noSource { document.removeSources() }
    writeOutput(document.json(pretty: !compact))
  }
}
