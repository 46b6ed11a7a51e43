/// What a stage knows while its instructions are looked at one after another.
struct LintScope {
  /// Variables that are set: ENV, and ARG with a value.
  var environment: [String: String]
  /// Arguments that are declared, with a value or not.
  var arguments: Set<String> = []
  var hasWorkdir = false
  var hasShell = false
  /// Where CMD, ENTRYPOINT and HEALTHCHECK were last given in this stage.
  var last: [String: SourceRange] = [:]
  /// Names that only the base image could define.
  static let always = ["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"]
}

/// Arguments that exist in FROM without being declared.
enum AutomaticArguments {
  static func values(target: String) -> [String: String] {
    var values = ["TARGETSTAGE": target]
    for prefix in ["BUILD", "TARGET"] {
      values[prefix + "PLATFORM"] = "linux/amd64"
      values[prefix + "OS"] = "linux"
      values[prefix + "OSVERSION"] = ""
      values[prefix + "ARCH"] = "amd64"
      values[prefix + "VARIANT"] = ""
    }
    return values
  }
}
