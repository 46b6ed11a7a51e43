package import JSON

/// What `--explain` tells of one step.
package struct StepExplanation: Sendable {
  package enum Outcome: String, Sendable {
    case cached
    /// It will run, for the reasons.
    case runs
  }

  /// `[2/3] COPY a /`.
  package let name: String
  /// `Dockerfile:7`.
  package let place: String?
  package let outcome: Outcome
  package let reasons: [String]

  /// As schemas/build-explanation.schema.json has it.
  package var json: JSONValue {
    [
      "step": .string(name), "place": place.map { .string($0) } ?? .null, "outcome": .string(outcome.rawValue),
      "reasons": .array(reasons.map { .string($0) }),
    ]
  }
}

/// What has been told so far.
final class Explanation {
  private(set) var steps: [StepExplanation] = []

  func add(_ step: StepExplanation) { steps.append(step) }
}
