internal import CommandSupport
internal import Dockerfile
internal import JSON
internal import Linux
internal import SystemPackage

/// The Dockerfile that a verb reads: its operand, `-f FILE`, or `Dockerfile`.
struct DockerfileInput {
  static let option = Option.value("f", "file", placeholder: "FILE", help: "the Dockerfile, as docker build names it; - is standard input")

  private let given: String

  init(_ parsed: ParsedOptions) throws(UsageError) {
    if let file = parsed.value("file"), let path = parsed.operands.first {
      throw UsageError("the Dockerfile is named twice: '\(path)' and '\(file)'")
    }
    given = parsed.operands.first ?? parsed.value("file") ?? "Dockerfile"
  }

  var isStandardInput: Bool { given == "-" }
  /// What messages call it.
  var name: String { isStandardInput ? "<stdin>" : given }

  func read() throws(SystemError) -> [UInt8] {
    isStandardInput ? try StandardStream.input.readAll() : try readFile(FilePath(given))
  }

  func replace(with content: [UInt8]) throws(SystemError) {
    let mode = try fileStatus(FilePath(given)).permissions
    try replaceFile(FilePath(given), with: content, mode: mode)
  }

  /// Parses; ends the process with the faults on standard error where there are some.
  func parse(_ source: [UInt8]) -> DockerfileDocument {
    do { return try DockerfileDocument(parsing: source) } catch { fail(error, source) }
  }

  func parse() throws(SystemError) -> DockerfileDocument { parse(try read()) }

  func decode(_ source: [UInt8]) throws(JSONError) -> DockerfileDocument { try decodeJSON(DockerfileDocument.self, from: source) }

  func fail(_ faults: DockerfileErrors, _ source: [UInt8]) -> Never {
    for error in faults.errors.prefix(20) {
      try? StandardStream.error.write(error.report(file: name, source: source) + "\n")
    }
    if faults.errors.count > 20 { Diagnostics.error("and \(faults.errors.count - 20) more errors") }
    exitProcess(ExitCode.failure)
  }
}

/// Writes to standard output; a reader that went away ends the process quietly.
func writeOutput(_ bytes: [UInt8]) {
  do { try StandardStream.output.write(bytes) } catch {
    if error.errno == .brokenPipe { exitProcess(ExitCode.failure) }
    fail("standard output: \(error.errno)")
  }
}

func writeOutput(_ text: String) { writeOutput(Array(text.utf8)) }

func writeOutput(_ value: JSONValue) { writeOutput(value.serialized(pretty: true) + [0x0A]) }
