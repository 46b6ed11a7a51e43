internal import JSON

/// What runs a service's pods: a Job where it is to end, a DaemonSet where it is on every node, else a Deployment; and its Services.
struct Workload {
  private enum Kind: String { case deployment = "Deployment", daemonSet = "DaemonSet", job = "Job" }

  private let service: ServiceModel
  private let isAwaited: Bool
  private let name: String
  private var pod: Pod
  private var deploy: ModelAttributes
  private(set) var warnings: [String] = []

  /// - Parameter isAwaited: whether another service waits until this one has completed.
  init(_ service: ServiceModel, isAwaited: Bool) {
    (self.service, self.isAwaited) = (service, isAwaited)
    name = kubernetesName(service.name)
    pod = Pod(service)
    deploy = pod.attributes.attributes("deploy")
  }

  /// The labels by which a Service finds the pods.
  private var selector: JSONValue {
    ["app.kubernetes.io/name": .string(name), "app.kubernetes.io/part-of": .string(kubernetesName(service.project.name))]
  }

  private func metadata(_ name: String, _ own: JSONValue? = nil) -> JSONValue {
    var metadata: JSONValue = ["name": .string(name), "labels": selector]
    metadata["annotations"] = own
    return metadata
  }

  mutating func documents() -> [JSONValue] {
    let mode = deploy.text("mode") ?? "replicated"
    let policy = restartPolicy()
    let kind: Kind
    switch mode {
    case "global": kind = .daemonSet
    case "replicated-job", "global-job": kind = .job
    default: kind = isAwaited || policy.name == "Never" ? .job : .deployment
    }
    pod.addPlacement(deploy.attributes("placement"), selector)
    pod.addResources(deploy.attributes("resources"))
    pod.convert()
    if kind == .job { pod.spec["restartPolicy"] = .string(policy.name == "Always" ? "OnFailure" : policy.name) }
    if kind != .job, policy.name != "Always" {
      warnings.append("\(policy.path): pods of a \(kind.rawValue) are restarted always, also when they end well")
    }
    let labels = annotations(deploy.pairs("labels"))
    var services = ServiceManifests(service, ports: pod.ports, exposed: pod.exposed, aliases: pod.aliases)
    let isHeadless = deploy.text("endpoint_mode") == "dnsrr"
    let manifests = services.documents(metadata: { metadata($0) }, selector: selector, isHeadless: isHeadless, isJob: kind == .job)
    let spec = spec(kind, attempts: policy.attempts)
    warnings += services.warnings + pod.warnings + pod.attributes.leftovers + deploy.leftovers
    let workload: JSONValue = [
      "apiVersion": kind == .job ? "batch/v1" : "apps/v1", "kind": .string(kind.rawValue), "metadata": metadata(name, labels),
      "spec": spec,
    ]
    return [workload] + manifests
  }

  private mutating func restartPolicy() -> (name: String, attempts: Int?, path: String) {
    let path = "services.\(service.name)"
    // `restart_policy` counts where both are there, as in swarm.
    var policy = deploy.attributes("restart_policy")
    let word = pod.attributes.text("restart")
    if let condition = policy.text("condition") {
      let attempts = condition == "on-failure" && isAwaited ? policy.take("max_attempts")?.integerValue : nil
      warnings += policy.leftovers
      let name = ["none": "Never", "on-failure": "OnFailure"][condition] ?? "Always"
      return (name, attempts, "\(path).deploy.restart_policy.condition")
    }
    warnings += policy.leftovers
    guard let word else { return (isAwaited ? "Never" : "Always", nil, path) }
    let parts = word.split(separator: ":")
    let name = ["no": "Never", "on-failure": "OnFailure"][parts.first ?? ""] ?? "Always"
    return (name, parts.count > 1 ? Int(parts[1]) : nil, "\(path).restart")
  }

  private mutating func spec(_ kind: Kind, attempts: Int?) -> JSONValue {
    var update = deploy.attributes("update_config")
    var rollback = deploy.attributes("rollback_config")
    _ = deploy.take("replicas")
    _ = pod.attributes.take("scale")
    let template: JSONValue = ["metadata": pod.metadata(selector), "spec": .object(pod.spec)]
    defer { warnings += update.leftovers + rollback.leftovers }
    var spec: JSONValue
    switch kind {
    case .job:
      spec = ["template": template, "backoffLimit": .integer(attempts ?? (pod.spec["restartPolicy"] == "Never" ? 0 : 6))]
      if service.replicas > 1 {
        spec["completions"] = .integer(service.replicas)
        spec["parallelism"] = .integer(service.replicas)
      }
      return spec
    case .daemonSet: spec = ["selector": ["matchLabels": selector], "template": template]
    case .deployment:
      spec = ["replicas": .integer(service.replicas), "selector": ["matchLabels": selector], "template": template]
    }
    // A Deployment whose update fails pauses, and rolls back when it is told to, as it updates.
    if update.text("failure_action") ?? "pause" != "pause" {
      warnings.append("services.\(service.name).deploy.update_config.failure_action: a \(kind.rawValue) whose update fails pauses")
    }
    for name in ["parallelism", "delay", "order", "failure_action", "monitor"] { _ = rollback.take(name) }
    let calm = [update.seconds("delay"), update.seconds("monitor")].compactMap { $0 }.max()
    if let calm { spec["minReadySeconds"] = .integer(calm) }
    let isUpdateSaid = service.json["deploy"]?["update_config"] != nil
    let parallelism = update.take("parallelism")?.integerValue ?? 1
    let startsFirst = update.text("order") == "start-first"
    guard isUpdateSaid else { return spec }
    let several: JSONValue = parallelism > 0 ? .integer(parallelism) : "100%"
    spec[kind == .deployment ? "strategy" : "updateStrategy"] = [
      "type": "RollingUpdate",
      "rollingUpdate": ["maxSurge": startsFirst ? several : 0, "maxUnavailable": startsFirst ? 0 : several],
    ]
    return spec
  }
}
