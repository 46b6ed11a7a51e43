internal import JSON
internal import LayerArchive
internal import Linux
internal import SystemPackage

/// The packages of a root file system, by the databases of dpkg(1) and apk(8), as an SPDX 2.3 document (spdx.github.io/spdx-spec/v2.3).
struct SoftwareList {
  static let predicateType = "https://spdx.dev/Document"

  private struct Package: Hashable {
    var name: String
    var version: String
    var architecture: String
    var license: String?
    /// Of its package URL: `deb/debian`, `apk/alpine`.
    var kind: String
  }

  private var packages: [Package] = []
  private let epoch: BuildEpoch
  private static let limit = 64 << 20

  init(of root: SourceRoot, _ epoch: BuildEpoch) throws(BuildError) {
    self.epoch = epoch
    let distribution = Self.fields(try Self.read("etc/os-release", root), separator: "=").first?["ID"] ?? "linux"
    let name = distribution.filter { $0 != "\"" }
    var databases = [try Self.read("var/lib/dpkg/status", root)]
    // Images without dpkg itself have a file a package.
    if try root.status("var/lib/dpkg/status.d")?.kind == .directory {
      let directory = try root.openDirectory("var/lib/dpkg/status.d")
      for entry in try reporting({ try directory.descriptor.sortedEntries() }) {
        let name = String(decoding: entry.name, as: UTF8.self)
        if !name.hasSuffix(".md5sums") { databases.append(try Self.read("var/lib/dpkg/status.d/\(name)", root)) }
      }
    }
    for fields in databases.flatMap({ Self.fields($0, separator: ":") }) {
      guard let package = fields["Package"], let version = fields["Version"], fields["Status"].map({ $0.hasSuffix(" installed") }) ?? true
      else {
        continue
      }
      packages.append(Package(name: package, version: version, architecture: fields["Architecture"] ?? "", kind: "deb/\(name)"))
    }
    for fields in Self.fields(try Self.read("lib/apk/db/installed", root), separator: ":") {
      guard let package = fields["P"], let version = fields["V"] else { continue }
      packages.append(
        Package(name: package, version: version, architecture: fields["A"] ?? "", license: fields["L"], kind: "apk/\(name)"))
    }
    packages.sort { ($0.name, $0.version, $0.architecture) < ($1.name, $1.version, $1.architecture) }
  }

  private static func read(_ path: String, _ root: SourceRoot) throws(BuildError) -> String {
    // A FIFO in its place would be waited for for ever.
    guard let (found, status) = try root.resolve(BytePath(path)), status.kind == .regular else { return "" }
    let file = try root.openFile(found)
    return String(decoding: try attempting("cannot read '\(path)' in \(root.label)") { try file.readAll(limit: limit) }, as: UTF8.self)
  }

  /// Paragraphs of `name: value` lines, empty lines between them; a line that begins with a blank goes on with the one before.
  private static func fields(_ text: String, separator: Character) -> [[String: String]] {
    var paragraphs: [[String: String]] = []
    var current: [String: String] = [:]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty {
        if !current.isEmpty { paragraphs.append(current) }
        current = [:]
      } else if line.first != " ", let mark = line.firstIndex(of: separator) {
        current[String(line[..<mark])] = String(line[line.index(after: mark)...].drop { $0 == " " })
      }
    }
    if !current.isEmpty { paragraphs.append(current) }
    return paragraphs
  }

  var predicate: JSONValue {
    [
      "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "sbom",
      "documentNamespace": "https://tote.invalid/sbom",
      "creationInfo": ["created": .string(epoch.text), "creators": ["Tool: tote"]],
      "packages": .array(packages.enumerated().map { json($1, number: $0 + 1) }),
      "relationships": .array(
        packages.indices.map { index in
          [
            "spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
            "relatedSpdxElement": .string("SPDXRef-Package-\(index + 1)"),
          ]
        }),
    ]
  }

  private func json(_ package: Package, number: Int) -> JSONValue {
    let address = "pkg:\(package.kind)/\(escaped(package.name))@\(escaped(package.version))?arch=\(escaped(package.architecture))"
    var object: JSONObject = [
      "SPDXID": .string("SPDXRef-Package-\(number)"), "name": .string(package.name), "versionInfo": .string(package.version),
      "downloadLocation": "NOASSERTION", "filesAnalyzed": false, "licenseConcluded": "NOASSERTION",
      "licenseDeclared": "NOASSERTION", "copyrightText": "NOASSERTION",
      "externalRefs": [
        ["referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": .string(address)]
      ],
    ]
    // What apk says need not be an SPDX expression.
    if let license = package.license { object["comment"] = .string("license: \(license)") }
    return .object(object)
  }

  /// Percent-encoding of all but RFC 3986's unreserved characters, and `:`, which package URLs leave.
  private func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      let character = Character(Unicode.Scalar(byte))
      if byte < 128, character.isLetter || character.isNumber || "-._~:".contains(character) { return String(character) }
      return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }
}
