internal import JSON
internal import Linux
package import SystemPackage

/// The bundle's `exit` (schemas/exit.schema.json): how the container ended last. Written before anybody is told.
package struct ExitRecord: Hashable, Sendable {
  /// As a shell reports it: 128 and the signal's number for a process that a signal ended.
  package var exitCode: Int32
  package var oomKilled = false
  /// RFC 3339; nil for a container that never started.
  package var startedAt: String?
  package var finishedAt: String
  /// Why it did not start; empty otherwise.
  package var error = ""
  package var restartCount = 0

  package init(exitCode: Int32, finishedAt: String) {
    self.exitCode = exitCode
    self.finishedAt = finishedAt
  }

  package func write(_ path: FilePath) throws(MonitorError) {
    var value: JSONValue = [
      "exitCode": .integer(exitCode), "oomKilled": .bool(oomKilled), "finishedAt": .string(finishedAt),
      "error": .string(error), "restartCount": .integer(restartCount),
    ]
    if let startedAt { value["startedAt"] = .string(startedAt) }
    let text = Array((value.description + "\n").utf8)
    try attempting("exit") { () throws(SystemError) in try replaceFile(path, with: text) }
  }

  /// nil where the container has not ended yet.
  package static func exitCode(_ path: FilePath) throws(MonitorError) -> Int32? {
    guard let record = try document(path) else { return nil }
    guard let code = record["exitCode"]?.integerValue else { throw .failed("'\(path)' is not an exit record") }
    return Int32(truncatingIfNeeded: code)
  }

  /// When the container started last, by the record of its last end.
  static func startedAt(_ path: FilePath) -> String? { (try? document(path))?["startedAt"]?.stringValue }

  private static func document(_ path: FilePath) throws(MonitorError) -> JSONValue? {
    let content: [UInt8]
    do { content = try readFile(path, limit: 1 << 20) } catch {
      if error.errno == .noSuchFileOrDirectory { return nil }
      throw .system("exit", error)
    }
    return (try? JSONValue(parsing: content)) ?? .null
  }
}
