import Foundation
import JSON
import Testing

@testable import Dockerfile

/// The test data beside the project, with the answers of BuildKit; nil where it is not there.
enum Corpus {
  static let root: String? = {
    let named = ProcessInfo.processInfo.environment["TOTE_CORPORA"]
    let beside = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../shared/corpora").path
    let path = (named ?? beside) + "/dockerfile"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  static var isPresent: Bool { root != nil }
  static let absent: Comment = "the test data is not beside the project (TOTE_CORPORA)"

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: (root ?? "") + "/" + path)))
  }

  static func names(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: (root ?? "") + "/" + path)) ?? []).sorted()
  }

  static func json(_ path: String) throws -> JSONValue { try JSONValue(parsing: try bytes(path)) }

  /// One JSON document a line.
  static func jsonLines(_ path: String) throws -> [JSONValue] {
    try bytes(path).split(separator: 0x0A).map { try JSONValue(parsing: Array($0)) }
  }
}
