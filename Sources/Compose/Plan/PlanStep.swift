package import JSON

/// One thing to do. Steps of one stage may be done at once; a stage begins when the one before it has ended well.
package struct PlanStep: Hashable, Sendable {
  package enum Action: Hashable, Sendable {
    /// Make a network or volume with these arguments.
    case network(name: String, arguments: [String])
    case volume(name: String, arguments: [String])
    /// Write a secret's or config's file.
    case grant(Grant)
    /// Make a container with these arguments of `docker run`, and start it if `starts`.
    case create(container: String, starts: Bool, arguments: [String])
    case start(container: String)
    /// Nothing to do.
    case keep(container: String)
    /// Drain, stop and remove.
    case remove(container: String, id: String)
    /// Wait until containers have reached a condition of `depends_on`.
    case await(condition: String, containers: [String])
    /// Wait until a container that replaces `old` (an ID; empty where that has gone already) can serve, and stays so for this time. Of one
    /// service's so many may fail, whatever is less than 0 being all, before the update has failed.
    case settle(container: String, seconds: Int, old: String, tolerance: Int)
    case pause(seconds: Int)
  }

  package let stage: Int
  /// Empty where it is for the project.
  package let service: String
  package let action: Action

  /// The verb and its words.
  private var words: (verb: String, words: [String]) {
    switch action {
    case .network(let name, let arguments): ("network", [name] + arguments)
    case .volume(let name, let arguments): ("volume", [name] + arguments)
    case .grant(let grant):
      switch grant.origin {
      case .file: ("grant", [grant.source, "file", ""])
      case .environment(let name): ("grant", [grant.source, "environment", name])
      case .content(let text): ("grant", [grant.source, "content", text])
      }
    case .create(let container, let starts, let arguments): (starts ? "run" : "create", [container] + arguments)
    case .start(let container): ("start", [container])
    case .keep(let container): ("keep", [container])
    case .remove(let container, let id): ("remove", [container, id])
    case .await(let condition, let containers): ("await", [condition] + containers)
    case .settle(let container, let seconds, let old, let tolerance):
      ("settle", [container, "\(seconds)", service, old, "\(tolerance)"])
    case .pause(let seconds): ("pause", ["\(seconds)"])
    }
  }

  /// `STAGE SERVICE VERB WORD…` with every word as a shell reads it back.
  package var shellLine: String {
    let (verb, words) = words
    return (["\(stage)", service.isEmpty ? "-" : service, verb] + words.map(shellQuoted)).joined(separator: " ")
  }

  /// `schemas/compose-plan.schema.json`.
  package var json: JSONValue {
    let (verb, words) = words
    return ["stage": .integer(stage), "service": .string(service), "action": .string(verb), "arguments": .array(words.map { .string($0) })]
  }
}
