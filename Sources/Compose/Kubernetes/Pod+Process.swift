internal import JSON

extension Pod {
  /// The image, the command, its environment, its terminal.
  mutating func addProcess() {
    if attributes.take("build") != nil { warn("build", "build '\(service.image)' and push it to where the cluster pulls from") }
    _ = attributes.take("image")
    switch attributes.text("pull_policy") {
    case "always": container["imagePullPolicy"] = "Always"
    case "never": container["imagePullPolicy"] = "Never"
    case "missing", "if_not_present": container["imagePullPolicy"] = "IfNotPresent"
    case let policy?: warn("pull_policy", "'\(policy)' has no counterpart in Kubernetes")
    case nil: break
    }
    // docker's entrypoint is the command here, and docker's command its arguments.
    container["command"] = .texts(attributes.texts("entrypoint").map(withoutExpansion))
    container["args"] = .texts(attributes.texts("command").map(withoutExpansion))
    container["workingDir"] = attributes.take("working_dir")
    // A variable without a value is one that the container does not have.
    container["env"] = .list(
      attributes.pairs("environment").compactMap { name, value in
        value.map { ["name": .string(name), "value": .string(withoutExpansion($0))] }
      })
    container["resources"] = resources
    if attributes.flag("stdin_open") { container["stdin"] = true }
    if attributes.flag("tty") { container["tty"] = true }
    spec["terminationGracePeriodSeconds"] = attributes.seconds("stop_grace_period").map { .integer($0) }
    // What `tote` and other runtimes are known by to a cluster's nodes.
    spec["runtimeClassName"] = attributes.take("runtime")
    if let platform = attributes.text("platform") { addPlatform(platform) }
    if attributes.take("depends_on") != nil {
      warn("depends_on", "Kubernetes starts everything at once, and again what has ended because another one was not there")
    }
  }

  private mutating func addPlatform(_ platform: String) {
    let parts = platform.split(separator: "/").map(String.init)
    guard parts.count >= 2 else { return warn("platform", "'\(platform)' is not OS/ARCHITECTURE") }
    addNodeLabel("kubernetes.io/os", parts[0])
    addNodeLabel("kubernetes.io/arch", parts[1])
  }

  mutating func addNodeLabel(_ label: String, _ value: String) {
    var labels = spec["nodeSelector"] ?? .object(JSONObject())
    labels[label] = .string(value)
    spec["nodeSelector"] = labels
  }

  /// `deploy.resources` where it is there, else the service's older attributes.
  mutating func addResources(_ deploy: ModelAttributes) {
    var deploy = deploy
    var limits = deploy.attributes("limits")
    var reservations = deploy.attributes("reservations")
    let processors = (limits.text("cpus"), attributes.text("cpus"))
    let memory = (limits.text("memory"), attributes.text("mem_limit"))
    let reserved = (reservations.text("memory"), attributes.text("mem_reservation"))
    var most = JSONValue.members([
      "cpu": (processors.0 ?? processors.1).flatMap(Quantity.processors), "memory": (memory.0 ?? memory.1).flatMap(Quantity.bytes),
    ])
    for (index, device) in reservations.list("devices").enumerated() {
      let count = device["count"]?.integerValue ?? -1
      let isGPU = device["capabilities"]?.arrayValue?.contains("gpu") == true
      guard isGPU, count > 0, device["driver"]?.stringValue ?? "nvidia" == "nvidia" else {
        warn("deploy.resources.reservations.devices[\(index)]", "has no counterpart in Kubernetes")
        continue
      }
      var own = most ?? .object(JSONObject())
      own["nvidia.com/gpu"] = .integer(count)
      most = own
    }
    resources = .members([
      "limits": most,
      "requests": .members([
        "cpu": reservations.text("cpus").flatMap(Quantity.processors), "memory": (reserved.0 ?? reserved.1).flatMap(Quantity.bytes),
      ]),
    ])
    warnings += limits.leftovers + reservations.leftovers + deploy.leftovers
  }
}
