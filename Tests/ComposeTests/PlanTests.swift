import JSON
import Testing

@testable import Compose

@Suite struct PlanTests {
  static let file = """
    services:
      web: {image: web, deploy: {replicas: 2}, depends_on: {db: {condition: service_healthy}}, ports: ["80:80"]}
      db: {image: db, volumes: ["data:/data"]}
    volumes: {data: }
    """

  static func project(_ text: String = file) throws -> ProjectModel {
    let project = try ComposeProject(
      [ComposeFile(name: "f", content: Array(text.utf8))], name: "p", directory: "/d", environment: { _ in nil },
      read: { path throws(ComposeError) in throw ComposeError("no file \(path)") })
    return try ProjectModel(project.json, volatileRoot: "/run/tote")
  }

  /// The state in which every service has its containers as the model says.
  static func state(_ project: ProjectModel, _ counts: [String: Int], state: String = "running", hash: String? = nil) throws
    -> ObservedState
  {
    var lines = ["network\tp_default", "volume\tp_data"]
    for (service, count) in counts.sorted(by: { $0.key < $1.key }) where count > 0 {
      let own = hash ?? project.service(service).map(configHash) ?? ""
      for number in 1...count {
        lines.append("container\tid-\(service)-\(number)\tp-\(service)-\(number)\t\(state)\t\(service)\t\(number)\t\(own)\t")
      }
    }
    return try ObservedState(parsing: lines.joined(separator: "\n"))
  }

  static func steps(
    _ project: ProjectModel, _ state: ObservedState, _ options: ProjectPlan.Options = ProjectPlan.Options()
  ) throws -> [String] {
    try ProjectPlan(project, state, options).steps.map { step in
      let words = step.shellLine.split(separator: " ").map(String.init)
      return words[2...min(3, words.count - 1)].joined(separator: " ")
    }
  }

  @Test func fromNothing() throws {
    let project = try Self.project()
    let nothing = try ObservedState(parsing: "")
    #expect(
      try Self.steps(project, nothing) == [
        "network p_default", "volume p_data", "run p-db-1", "await service_healthy", "run p-web-1", "run p-web-2",
      ])
    let stages = try ProjectPlan(project, nothing, ProjectPlan.Options()).steps.map(\.stage)
    #expect(stages == stages.sorted())
    #expect(stages[4] == stages[5] && stages[3] < stages[4] && stages[2] < stages[3])
  }

  @Test func whatIsThereIsKept() throws {
    let project = try Self.project()
    #expect(
      try Self.steps(project, Self.state(project, ["web": 2, "db": 1])) == [
        "keep p-db-1", "await service_healthy", "keep p-web-1", "keep p-web-2",
      ])
    #expect(try Self.steps(project, Self.state(project, ["web": 2, "db": 1], state: "exited")).contains("start p-web-1"))
  }

  @Test func scale() throws {
    let project = try Self.project()
    var options = ProjectPlan.Options()
    options.scale = ["web": 1]
    #expect(
      try Self.steps(project, Self.state(project, ["web": 3, "db": 1]), options).suffix(3) == [
        "keep p-web-1", "remove p-web-3", "remove p-web-2",
      ])
    options.scale = ["nobody": 1]
    #expect(throws: ComposeError.self) { try Self.steps(project, Self.state(project, [:]), options) }
  }

  @Test func aChangeReplaces() throws {
    let project = try Self.project()
    let old = try Self.state(project, ["web": 2, "db": 1], hash: "old")
    #expect(
      try Self.steps(project, old) == [
        "remove p-db-1", "run p-db-1", "await service_healthy", "remove p-web-1", "remove p-web-2", "run p-web-1", "run p-web-2",
      ])
    var options = ProjectPlan.Options()
    options.neverRecreates = true
    #expect(try !Self.steps(project, old, options).contains { $0.hasPrefix("remove") })
  }

  @Test func rollingUpdateOneByOne() throws {
    let update = "replicas: 2, update_config: {order: start-first, parallelism: 1, delay: 5s, monitor: 2s}"
    let project = try Self.project(Self.file.split(separator: "replicas: 2").joined(separator: update))
    let steps = try Self.steps(project, Self.state(project, ["web": 2], hash: "old")).filter { $0.contains("web") || $0.contains("pause") }
    #expect(
      steps == [
        "run p-web-3", "settle p-web-3", "remove p-web-1", "pause 5", "run p-web-4", "settle p-web-4", "remove p-web-2",
      ])
  }

  @Test func whatAnUpdateTolerates() throws {
    func tolerance(_ more: String) throws -> [String] {
      let update = "replicas: 2, update_config: {order: start-first, \(more)}"
      let project = try Self.project(Self.file.split(separator: "replicas: 2").joined(separator: update))
      let plan = try ProjectPlan(project, Self.state(project, ["web": 2], hash: "old"), ProjectPlan.Options())
      return plan.steps.compactMap { step in
        guard case .settle(_, _, let old, let tolerance) = step.action else { return nil }
        return "\(old.isEmpty ? "none" : "old") \(tolerance)"
      }
    }
    #expect(try tolerance("failure_action: pause") == ["old 0", "old 0"])
    #expect(try tolerance("failure_action: continue") == ["old -1", "old -1"])
    #expect(try tolerance("max_failure_ratio: 0.5") == ["old 1", "old 1"])
  }

  @Test func selectionTakesDependenciesAlong() throws {
    let project = try Self.project()
    var options = ProjectPlan.Options()
    options.services = ["db"]
    #expect(try !Self.steps(project, Self.state(project, [:]), options).contains { $0.contains("web") })
    options.services = ["web"]
    #expect(try Self.steps(project, Self.state(project, [:]), options).contains("run p-db-1"))
    options.ignoresDependencies = true
    #expect(try !Self.steps(project, Self.state(project, [:]), options).contains { $0.contains("db") })
  }

  @Test func orphans() throws {
    let project = try Self.project()
    let state = try ObservedState(parsing: "container\tx\tp-gone-1\trunning\tgone\t1\th\t")
    #expect(try ProjectPlan(project, state, ProjectPlan.Options()).orphans == ["p-gone-1"])
    var options = ProjectPlan.Options()
    options.removesOrphans = true
    #expect(try Self.steps(project, state, options).last == "remove p-gone-1")
  }

  @Test func theHashKnowsWhatAContainerSees() throws {
    func hash(_ text: String) throws -> String { configHash(try #require(try Self.project(text).service("s"))) }
    let base = try hash("services: {s: {image: a}}")
    #expect(base.count == 32)
    #expect(try hash("services: {s: {image: a, deploy: {replicas: 3}}}") != base)  // deploy itself is part of it
    #expect(
      try hash("services: {s: {image: a, deploy: {replicas: 3}}}") == hash("services: {s: {image: a, deploy: {replicas: 9}}}"))
    #expect(try hash("services: {s: {image: a, environment: {A: 1}}}") != base)
    #expect(try hash("services: {s: {image: a, build: .}}") == base)
    #expect(
      try hash("services: {s: {image: a, networks: [n]}}\nnetworks: {n: {internal: true}}")
        != hash("services: {s: {image: a, networks: [n]}}\nnetworks: {n: }"))
  }

  @Test func argumentsOfAContainer() throws {
    let project = try Self.project(
      """
      services:
        s:
          image: a
          command: [x, "y z"]
          entrypoint: [e, f]
          environment: {A: "$$1", N: }
          ports: ["127.0.0.1:8080:80/udp", "81"]
          volumes: ["/h:/c:ro", {type: tmpfs, target: /t, tmpfs: {size: 1m}}]
          healthcheck: {test: [CMD, a, "b c"], interval: 1m}
          deploy: {resources: {limits: {cpus: "0.5", memory: 50M}}, restart_policy: {condition: on-failure, max_attempts: 3}}
      """)
    let service = try #require(project.service("s"))
    let words = try ContainerArguments.make(service, ContainerArguments.Identity(name: "p-s-1", number: 1))
    func has(_ option: String, _ value: String) -> Bool { zip(words, words.dropFirst()).contains { $0 == ("--" + option, value) } }
    #expect(words.suffix(4) == ["a", "f", "x", "y z"])
    #expect(has("entrypoint", "e") && has("env", "A=$1") && !words.contains { $0.hasPrefix("N=") })
    #expect(has("publish", "127.0.0.1:8080:80/udp") && has("publish", "81/tcp") && has("service", "p_s"))
    #expect(has("volume", "/h:/c:ro") && has("mount", "type=tmpfs,target=/t,tmpfs-size=1048576"))
    #expect(has("health-cmd", "a 'b c'") && has("health-interval", "1m0s"))
    #expect(has("cpus", "0.5") && has("memory", "52428800") && has("restart", "on-failure:3"))
    #expect(has("network", "name=p_default,service-alias=s,alias=p-s-1"))
  }

  @Test(arguments: [("a", "a"), ("", "''"), ("it's", "'it'\\''s'"), ("a\nb", "'a\nb'"), ("$x", "'$x'"), ("ü", "'ü'")])
  func words(_ word: String, _ quoted: String) { #expect(shellQuoted(word) == quoted) }
}
