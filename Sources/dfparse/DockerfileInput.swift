import ArgumentParser
import CommandSupport
import Dockerfile
import Linux
import SystemPackage

/// The Dockerfile that a command reads.
struct DockerfileInput: ParsableArguments {
  @ArgumentParser.Argument(help: "The Dockerfile; - is standard input.")
  var path: String?

  @ArgumentParser.Option(name: [.customShort("f"), .customLong("file")], help: "The Dockerfile, as docker build names it.")
  var file: String?

  func validate() throws {
    if path != nil, file != nil { throw ValidationError("the Dockerfile is named twice: '\(path ?? "")' and '\(file ?? "")'") }
  }

  /// What messages call it.
  var name: String {
    let name = path ?? file ?? "Dockerfile"
    return name == "-" ? "<stdin>" : name
  }

  func read() -> [UInt8] {
    let path = self.path ?? file ?? "Dockerfile"
    do {
      return path == "-" ? try StandardStream.input.readAll() : try readFile(FilePath(path))
    } catch { fail("\(error)") }
  }

  /// Parses; ends the process with the faults on standard error where there are some.
  func parse() -> (source: [UInt8], document: DockerfileDocument) {
    let source = read()
    do {
      return (source, try DockerfileDocument(parsing: source))
    } catch {
      failWith(error, source)
    }
  }

  func failWith(_ faults: DockerfileErrors, _ source: [UInt8]) -> Never {
    for error in faults.errors.prefix(20) {
      try? StandardStream.error.write(error.report(file: name, source: source) + "\n")
    }
    if faults.errors.count > 20 { Diagnostics.error("and \(faults.errors.count - 20) more errors") }
    exitProcess(ExitCode.failure)
  }
}
