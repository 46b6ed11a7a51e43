internal import CommandSupport
internal import Compose
internal import Linux
internal import SystemPackage

/// docker compose's exit codes for a project that cannot be read.
enum ComposeExit {
  /// A file is not there.
  static let missingFile: Int32 = 14
  static let invalidProject: Int32 = 15

  static func status(_ error: ComposeError) -> Int32 {
    switch error.kind {
    case .missingFile: missingFile
    case .invalidProject: invalidProject
    }
  }
}

/// Does a verb's work; what is wrong with the project is printed and gives docker compose's exit code.
func reporting(_ body: () throws -> Void) throws -> Int32 {
  do {
    try body()
    return ExitCode.success
  } catch let error as ComposeError {
    Diagnostics.error("\(error)")
    return ComposeExit.status(error)
  }
}

/// Writes to standard output; a reader that went away ends the process quietly.
func writeOutput(_ bytes: [UInt8]) {
  do { try StandardStream.output.write(bytes) } catch {
    if error.errno == .brokenPipe { exitProcess(ExitCode.failure) }
    fail("standard output: \(error.errno)")
  }
}
