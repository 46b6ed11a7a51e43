import ArgumentParser
import CommandSupport
import Dockerfile
import JSON
import Linux
import SystemPackage

/// `dfparse format [FILE|-]`: the Dockerfile in canonical form, or JSON as a Dockerfile.
struct Format: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the Dockerfile in canonical form; with --from-json turn dfparse's JSON into a Dockerfile again.")

  @OptionGroup var input: DockerfileInput

  @Flag(help: "Read JSON; what was not changed in it is written as it was.")
  var fromJSON = false

  @Flag(name: .shortAndLong, help: "Replace the file instead of writing to standard output.")
  var write = false

  @Flag(help: "Write nothing; end with 1 if the file is not in canonical form.")
  var check = false

  func validate() throws {
    if write, fromJSON || input.isStandardInput { throw ValidationError("--write needs a Dockerfile to replace") }
    if check, write || fromJSON { throw ValidationError("--check goes with neither --write nor --from-json") }
  }

  func run() throws {
    let source = input.read()
    let text: String
    do {
      text = fromJSON ? try input.decode(source).formatted(.asWritten) : try input.parse(source).formatted(.canonical)
    } catch { fail("\(input.name): \(error)") }
    let formatted = Array(text.utf8)
    if check {
      if formatted != source { fail("\(input.name): not in canonical form, see dfparse format") }
    } else if write {
      if formatted != source { input.replace(with: formatted) }
    } else {
      writeOutput(formatted)
    }
  }
}
