import ArgumentParser
import CommandSupport
import Dockerfile
import JSON
import Linux
import SystemPackage

/// The Dockerfile that a command reads.
struct DockerfileInput: ParsableArguments {
  @ArgumentParser.Argument(help: "The Dockerfile; - is standard input.")
  var path: String?

  @ArgumentParser.Option(name: [.customShort("f"), .customLong("file")], help: "The Dockerfile, as docker build names it.")
  var file: String?

  func validate() throws {
    if let path, let file { throw ValidationError("the Dockerfile is named twice: '\(path)' and '\(file)'") }
  }

  private var given: String { path ?? file ?? "Dockerfile" }
  var isStandardInput: Bool { given == "-" }
  /// What messages call it.
  var name: String { isStandardInput ? "<stdin>" : given }

  func read() -> [UInt8] {
    do {
      return isStandardInput ? try StandardStream.input.readAll() : try readFile(FilePath(given))
    } catch { fail("\(error)") }
  }

  func replace(with content: [UInt8]) {
    do {
      let mode = try fileStatus(FilePath(given)).permissions
      try replaceFile(FilePath(given), with: content, mode: mode)
    } catch { fail("\(error)") }
  }

  /// Parses; ends the process with the faults on standard error where there are some.
  func parse(_ source: [UInt8]) -> DockerfileDocument {
    do { return try DockerfileDocument(parsing: source) } catch { fail(error, source) }
  }

  func decode(_ source: [UInt8]) -> DockerfileDocument {
    do { return try decodeJSON(DockerfileDocument.self, from: source) } catch { CommandSupport.fail("\(name): \(error)") }
  }

  func fail(_ faults: DockerfileErrors, _ source: [UInt8]) -> Never {
    for error in faults.errors.prefix(20) {
      try? StandardStream.error.write(error.report(file: name, source: source) + "\n")
    }
    if faults.errors.count > 20 { Diagnostics.error("and \(faults.errors.count - 20) more errors") }
    exitProcess(ExitCode.failure)
  }

  private func fail(_ message: String) -> Never { CommandSupport.fail(message) }
}

/// Writes to standard output; a reader that went away ends the process quietly.
func writeOutput(_ bytes: [UInt8]) {
  do { try StandardStream.output.write(bytes) } catch {
    if error.errno == .brokenPipe { exitProcess(ExitCode.failure) }
    fail("standard output: \(error.errno)")
  }
}
