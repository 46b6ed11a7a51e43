/// BuildKit's build checks, by their names. Source: docs.docker.com/reference/build-checks. One of them is not here:
/// InvalidBaseImagePlatform needs the base image, which a Dockerfile alone does not have; `layerctl build --check` has it.
package enum LintRule: String, CaseIterable, Sendable {
  case duplicateStageName = "DuplicateStageName"
  case consistentInstructionCasing = "ConsistentInstructionCasing"
  case copyIgnoredFile = "CopyIgnoredFile"
  case exposeInvalidFormat = "ExposeInvalidFormat"
  case exposeProtoCasing = "ExposeProtoCasing"
  case fromAsCasing = "FromAsCasing"
  case fromPlatformFlagConstDisallowed = "FromPlatformFlagConstDisallowed"
  case invalidDefaultArgInFrom = "InvalidDefaultArgInFrom"
  case invalidDefinitionDescription = "InvalidDefinitionDescription"
  case jsonArgsRecommended = "JSONArgsRecommended"
  case legacyKeyValueFormat = "LegacyKeyValueFormat"
  case maintainerDeprecated = "MaintainerDeprecated"
  case multipleInstructionsDisallowed = "MultipleInstructionsDisallowed"
  case noEmptyContinuation = "NoEmptyContinuation"
  case redundantTargetPlatform = "RedundantTargetPlatform"
  case reservedStageName = "ReservedStageName"
  case secretsUsedInArgOrEnv = "SecretsUsedInArgOrEnv"
  case stageNameCasing = "StageNameCasing"
  case undefinedArgInFrom = "UndefinedArgInFrom"
  case undefinedVar = "UndefinedVar"
  case workdirRelativePath = "WorkdirRelativePath"

  /// Off unless asked for.
  package var isExperimental: Bool { self == .invalidDefinitionDescription }

  /// What the rule is about, for catalogues (SARIF).
  package var summary: String {
    switch self {
    case .duplicateStageName: "Two stages share a name"
    case .consistentInstructionCasing: "Instruction names mix capitals and small letters"
    case .copyIgnoredFile: "A file to copy is left out by .dockerignore"
    case .exposeInvalidFormat: "EXPOSE takes neither addresses nor host ports"
    case .exposeProtoCasing: "The protocol in EXPOSE is not in small letters"
    case .fromAsCasing: "FROM and AS differ in case"
    case .fromPlatformFlagConstDisallowed: "FROM --platform is a constant"
    case .invalidDefaultArgInFrom: "Without build arguments the base image's name is empty or invalid"
    case .invalidDefinitionDescription: "A description does not begin with the name of what it describes"
    case .jsonArgsRecommended: "A command in shell form does not receive signals"
    case .legacyKeyValueFormat: "Names and values are separated by a blank instead of '='"
    case .maintainerDeprecated: "MAINTAINER is deprecated"
    case .multipleInstructionsDisallowed: "Only the last instruction of its kind in a stage counts"
    case .noEmptyContinuation: "An empty line between continuation lines"
    case .redundantTargetPlatform: "FROM --platform names the default"
    case .reservedStageName: "A stage has a reserved name"
    case .secretsUsedInArgOrEnv: "A secret would be kept in the image or its history"
    case .stageNameCasing: "A stage's name is not in small letters"
    case .undefinedArgInFrom: "FROM uses an argument that is not declared before it"
    case .undefinedVar: "A variable is used that is not defined"
    case .workdirRelativePath: "A relative WORKDIR depends on the base image"
    }
  }

  /// The page that explains the rule.
  package var helpAddress: String {
    var name = ""
    var previousIsLower = false
    let scalars = Array(rawValue.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      let isUpper = scalar.properties.isUppercase
      let nextIsLower = index + 1 < scalars.count && scalars[index + 1].properties.isLowercase
      if isUpper, index > 0, previousIsLower || nextIsLower { name += "-" }
      name += scalar.properties.lowercaseMapping
      previousIsLower = !isUpper
    }
    return "https://docs.docker.com/go/dockerfile/rule/\(name)/"
  }
}

/// One breach of a rule.
package struct LintFinding: Hashable, Sendable {
  package var rule: LintRule
  package var message: String
  /// The instruction, or the part of it that is at fault.
  package var range: SourceRange
}

/// What a lint run found.
package struct LintReport: Hashable, Sendable {
  /// In the order of their places.
  package var findings: [LintFinding] = []
  /// `# check=error=true`: findings are errors.
  package var findingsAreErrors = false
}
