internal import CommandSupport
internal import Dockerfile

/// Which statements about the image go beside it: `--provenance`, `--sbom` and `--attest` of docker build.
package struct Attestations: Hashable, Sendable {
  package enum Provenance: String, Sendable, CaseIterable {
    /// What the image was made from, and when.
    case min
    /// Build arguments and the Dockerfile's JSON as well.
    case max
  }

  package var provenance: Provenance?
  package var hasSBOM = false

  package init() {}

  package var isEmpty: Bool { provenance == nil && !hasSBOM }

  /// `--provenance true|false|mode=min|mode=max`.
  package mutating func setProvenance(_ text: String) throws(BuildError) {
    if let wanted = goBool(text) {
      provenance = wanted ? .min : nil
      return
    }
    guard text.hasPrefix("mode="), let mode = Provenance(rawValue: String(text.dropFirst(5))) else {
      throw BuildError("--provenance '\(text)': expected true, false, mode=min or mode=max")
    }
    provenance = mode
  }

  package mutating func setSBOM(_ text: String) throws(BuildError) {
    guard let wanted = goBool(text) else { throw BuildError("--sbom '\(text)': expected true or false; there is one scanner, our own") }
    hasSBOM = wanted
  }

  /// `--attest type=provenance|sbom[,mode=…][,disabled=true]`.
  package mutating func add(_ text: String) throws(BuildError) {
    let fields: CommaSeparated
    do { fields = try CommaSeparated(text) } catch { throw BuildError("--attest '\(text)': \(error)") }
    for (key, _) in fields.fields where !["type", "mode", "disabled"].contains(key) {
      throw BuildError("--attest '\(text)': unknown key '\(key)'")
    }
    let isDisabled = fields["disabled"].flatMap(goBool) ?? false
    switch fields["type"] {
    case "provenance"?: try setProvenance(isDisabled ? "false" : "mode=\(fields["mode"] ?? "min")")
    case "sbom"?: hasSBOM = !isDisabled
    default: throw BuildError("--attest '\(text)': unknown type, expected provenance or sbom")
    }
  }
}
