import ArgumentParser
import CommandSupport
import Dockerfile
import Linux
import SystemPackage

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
    var (_, document) = input.parse()
    if noSource { document.removeSources() }
    write(document.json(pretty: !compact))
  }
}

/// Writes to standard output; a reader that went away ends the process quietly.
func write(_ bytes: [UInt8]) {
  do { try StandardStream.output.write(bytes) } catch {
    if error.errno == .brokenPipe { exitProcess(ExitCode.failure) }
    fail("standard output: \(error.errno)")
  }
}
