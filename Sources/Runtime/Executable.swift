internal import Linux
internal import SystemPackage

/// Finds the program that `process.args[0]` means, as the process itself would, and says so in runc's words, which clients
/// turn into exit codes 126 and 127.
enum Executable {
  /// The path to give to execve(2).
  static func find(_ name: String, environment: [String]) throws(RuntimeError) -> FilePath {
    if name.contains("/") {
      let path = FilePath(name)
      do { try check(path) } catch {
        if error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory {
          throw .message("exec: \"\(name)\": stat \(name): \(reason(error.errno))")
        }
        throw .message("exec: \"\(name)\": \(reason(error.errno))")
      }
      return path
    }
    var denied: Errno?
    let path = environment.last { $0.hasPrefix("PATH=") }?.dropFirst(5) ?? ""
    for directory in path.split(separator: ":", omittingEmptySubsequences: false) where !name.isEmpty {
      let candidate = FilePath(directory.isEmpty ? "." : String(directory)).appending(name)
      do {
        try check(candidate)
        return candidate
      } catch {
        if error.errno == .permissionDenied { denied = error.errno }
      }
    }
    if let denied { throw .message("exec: \"\(name)\": \(reason(denied))") }
    throw .message("exec: \"\(name)\": executable file not found in $PATH")
  }

  private static func check(_ path: FilePath) throws(SystemError) {
    let status = try fileStatus(path)
    if status.kind == .directory { throw SystemError("stat", path, .isDirectory) }
    try checkExecutable(path)
  }

  /// Go's words for the errors that clients look for.
  static func reason(_ errno: Errno) -> String {
    switch errno {
    case .noSuchFileOrDirectory: "no such file or directory"
    case .permissionDenied: "permission denied"
    case .notDirectory: "not a directory"
    case .isDirectory: "is a directory"
    case .notPermitted: "operation not permitted"
    case .execFormatError: "exec format error"
    case .tooManySymbolicLinkLevels: "too many levels of symbolic links"
    default: "\(errno)"
    }
  }

  /// Why execve(2) failed on a program that is there: the interpreter of a script or the loader of an ELF file may be what is missing.
  static func failure(_ name: String, _ path: FilePath, _ errno: Errno) -> RuntimeError {
    var text = "exec \(name): \(reason(errno))"
    if errno == .noSuchFileOrDirectory || errno == .permissionDenied || errno == .execFormatError, let hint = hint(path, errno) {
      text += " (\(hint))"
    }
    return .message(text)
  }

  private static func hint(_ path: FilePath, _ errno: Errno) -> String? {
    guard let file = try? openFile(path, [.readOnly, .nonBlocking]), (try? file.status().kind) == .regular,
      let start = try? file.readStart(4096)
    else { return nil }
    if start.starts(with: Array("#!".utf8)) {
      let line = String(decoding: start.dropFirst(2).prefix { $0 != 10 }, as: UTF8.self)
      let interpreter = line.split(separator: " ").first.map(String.init) ?? ""
      if interpreter.hasSuffix("\r") { return "its first line ends in a carriage return: it was saved with Windows line endings" }
      return errno == .execFormatError
        ? nil : "its interpreter '\(interpreter)' \(errno == .noSuchFileOrDirectory ? "does not exist" : "cannot be executed")"
    }
    if start.starts(with: [0x7f, 0x45, 0x4c, 0x46]) {
      if errno == .execFormatError {
        return "it is an ELF file for another machine (e_machine \(start.count > 19 ? Int(start[18]) | Int(start[19]) << 8 : 0))"
      }
      guard let loader = loader(start) else { return nil }
      return "its loader '\(loader)' does not exist"
    }
    return errno == .execFormatError ? "it has neither a '#!' line nor an ELF header" : nil
  }

  /// `PT_INTERP` of a 64-bit little-endian ELF file (elf(5)), as far as it lies in the first bytes.
  private static func loader(_ start: [UInt8]) -> String? {
    func integer(_ offset: Int, _ size: Int) -> Int? {
      guard offset >= 0, offset + size <= start.count else { return nil }
      return (0..<size).reduce(0) { $0 | Int(truncatingIfNeeded: UInt64(start[offset + $1]) << UInt64(8 * $1)) }
    }
    guard start.count > 64, start[4] == 2, start[5] == 1, let table = integer(32, 8), let size = integer(54, 2), let count = integer(56, 2)
    else { return nil }
    for index in 0..<count {
      let (header, overflow) = table.addingReportingOverflow(index * size)
      guard !overflow, header < start.count, integer(header, 4) == 3, let offset = integer(header + 8, 8),
        let length = integer(header + 32, 8),
        offset >= 0, length > 1, length < 4096, offset < start.count, offset + length <= start.count
      else { continue }
      return String(decoding: start[offset..<(offset + length - 1)], as: UTF8.self)
    }
    return nil
  }
}
