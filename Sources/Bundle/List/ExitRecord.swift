internal import JSON
internal import Linux
internal import SystemPackage

/// The bundle's `exit` file: how ctrmon saw the container's process begin and end, times in RFC 3339.
struct ExitRecord: Decodable, Sendable {
  var exitCode: Int32?
  var startedAt: String?
  var finishedAt: String?
  var oomKilled: Bool?
  var error: String?
  var restartCount: Int?

  static func read(_ directory: FilePath) throws(BundleError) -> ExitRecord? {
    let path = directory.appending("exit")
    let content: [UInt8]
    do { content = try readFile(path, limit: 1 << 20) } catch {
      if error.errno == .noSuchFileOrDirectory { return nil }
      throw .failed(attempt: "read how a container ended", error)
    }
    do { return try decodeJSON(ExitRecord.self, from: content) } catch {
      throw .damaged(path: path.description, reason: error.description)
    }
  }
}
