import Foundation

/// What `swift package dump-package` says of this package.
struct PackageDescription: Decodable {
  struct Target: Decodable {
    struct Dependency: Decodable {
      /// `["Linux", null]` of our own targets, `["SystemPackage", "swift-system", …]` of other packages' products.
      let byName: [String?]?
      let product: [Product]?
      enum Product: Decodable {
        case name(String)
        case other
        init(from decoder: any Decoder) throws {
          self = (try? decoder.singleValueContainer().decode(String.self)).map(Product.name) ?? .other
        }
      }
    }
    let name: String
    let type: String
    let dependencies: [Dependency]

    /// Names of the targets of this package that this one may import.
    var arrows: [String] { dependencies.compactMap { $0.byName?.first ?? nil } }
  }
  let targets: [Target]

  /// The top of the checkout that this test was compiled from.
  static let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Reads Package.swift in a scratch directory of its own, since `swift test` holds the lock of the usual one.
  static func load() throws -> PackageDescription {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "tote-dump-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "swift", "package", "--package-path", top.path, "--scratch-path", scratch.path, "dump-package",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let json = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode(PackageDescription.self, from: json)
  }

  /// Every `import` of a Swift file below Sources/`target`, with the file that has it.
  static func imports(of target: String) throws -> [(file: String, module: String)] {
    let folder = top.appending(path: "Sources/\(target)")
    guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else { return [] }
    var found: [(String, String)] = []
    for case let file as URL in files where file.pathExtension == "swift" {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let at = words.firstIndex(of: "import"), at <= 2, words.count > at + 1, !line.hasPrefix("//") else { continue }
        let modifiers: Set<Substring> = ["package", "internal", "private", "public", "@testable", "@_exported", "@preconcurrency"]
        guard words[..<at].allSatisfy(modifiers.contains) else { continue }
        // `import struct Foundation.Data` names its kind first.
        let kinds: Set<Substring> = ["struct", "class", "enum", "func", "protocol", "typealias", "let", "var"]
        let module = kinds.contains(words[at + 1]) ? words[at + 2] : words[at + 1]
        found.append((file.lastPathComponent, String(module.prefix { $0 != "." })))
      }
    }
    return found
  }
}
