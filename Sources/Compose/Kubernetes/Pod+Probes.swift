internal import JSON

extension Pod {
  /// A healthcheck as probes: what fails it gets no connections, and is started again; the start period is a probe before both.
  mutating func addProbes() {
    var check = attributes.attributes("healthcheck")
    defer { warnings += check.leftovers }
    let test = check.texts("test")
    let interval = check.seconds("interval"), timeout = check.seconds("timeout"), retries = check.take("retries")?.integerValue
    let startPeriod = check.seconds("start_period"), startInterval = check.seconds("start_interval")
    if check.flag("disable") || test.first == "NONE" { return }
    let command: [String]
    switch test.first {
    case "CMD": command = Array(test.dropFirst())
    case "CMD-SHELL": command = ["/bin/sh", "-c"] + test.dropFirst()
    default:
      if interval ?? timeout ?? retries ?? startPeriod ?? startInterval != nil {
        warn("healthcheck", "what the image tests is not known here, so there are no probes")
      }
      return
    }
    // docker's defaults where the file says nothing.
    let failures = max(1, retries ?? 3)
    func probe(every period: Int, failures: Int) -> JSONValue {
      [
        "exec": ["command": .texts(command) ?? []], "periodSeconds": .integer(period), "timeoutSeconds": .integer(timeout ?? 30),
        "failureThreshold": .integer(failures),
      ]
    }
    container["livenessProbe"] = probe(every: interval ?? 30, failures: failures)
    container["readinessProbe"] = probe(every: interval ?? 30, failures: failures)
    if let startPeriod {
      let period = startInterval ?? 5
      container["startupProbe"] = probe(every: period, failures: (startPeriod + period - 1) / period + failures)
    }
  }

  /// `post_start` and `pre_stop`, of which a container here has one each.
  mutating func addHooks() {
    var lifecycle = JSONObject()
    for (name, field) in [("post_start", "postStart"), ("pre_stop", "preStop")] {
      let hooks = attributes.list(name)
      guard let first = hooks.first else { continue }
      var hook = ModelAttributes(first, path: "\(path).\(name)[0]")
      lifecycle[field] = ["exec": ["command": .texts(hook.texts("command")) ?? []]]
      warnings += hook.leftovers
      if hooks.count > 1 { warn(name, "only the first of \(hooks.count) hooks has a counterpart") }
    }
    container["lifecycle"] = lifecycle.isEmpty ? nil : .object(lifecycle)
  }
}
