internal import JSON

/// What has to be done so that a project is as its model says: a pure function of the model, of what is there and of what was asked for.
package struct ProjectPlan {
  package struct Options: Sendable {
    /// Only these services, and those that they depend on unless `ignoresDependencies`; all where it is empty.
    package var services: [String] = []
    package var ignoresDependencies = false
    /// How many containers a service gets, over what the file says.
    package var scale: [String: Int] = [:]
    package var recreates = false
    package var neverRecreates = false
    package var removesOrphans = false
    package var starts = true
    /// Only what containers need: networks, volumes, files of secrets and configs.
    package var elementsOnly = false

    package init() {}
  }

  package private(set) var steps: [PlanStep] = []
  /// Containers of services that the model does not have, which stay.
  package private(set) var orphans: [String] = []
  private let project: ProjectModel
  private let state: ObservedState
  private let options: Options
  private var stage = 0

  package init(_ project: ProjectModel, _ state: ObservedState, _ options: Options) throws(ComposeError) {
    (self.project, self.state, self.options) = (project, state, options)
    for name in options.scale.keys.sorted() where project.service(name) == nil { throw ComposeError("no such service: \(name)") }
    let levels = try levels()
    planElements(levels.joined().map { $0 })
    if options.elementsOnly { return }
    stage += 1
    for level in levels {
      planConditions(level)
      var updates: [(ServiceModel, [ObservedState.Container])] = []
      for service in level {
        let outdated = try planScale(service)
        if !outdated.isEmpty { updates.append((service, outdated)) }
      }
      stage += 1
      for (service, outdated) in updates { try planUpdate(service, outdated) }
      for service in level { planSurplus(service) }
      stage += 1
    }
    planOrphans()
  }

  /// Services by their distance from those that depend on nothing.
  private func levels() throws(ComposeError) -> [[ServiceModel]] {
    var wanted: Set<String> = []
    var pending = options.services.isEmpty ? project.services.map(\.name) : options.services
    while let name = pending.popLast() {
      guard let service = project.service(name) else { throw ComposeError("no such service: \(name)") }
      if !wanted.insert(name).inserted || options.ignoresDependencies { continue }
      for dependency in service.dependencies where project.service(dependency.name) != nil { pending.append(dependency.name) }
    }
    var left = project.services.filter { wanted.contains($0.name) }
    var done: Set<String> = []
    var levels: [[ServiceModel]] = []
    while !left.isEmpty {
      let level = left.filter { service in
        service.dependencies.allSatisfy { done.contains($0.name) || !wanted.contains($0.name) || options.ignoresDependencies }
      }
      if level.isEmpty { throw ComposeError("dependency cycle among \(left.map(\.name).joined(separator: ", "))") }
      levels.append(level)
      done.formUnion(level.map(\.name))
      left.removeAll { done.contains($0.name) }
    }
    return levels
  }

  private mutating func add(_ action: PlanStep.Action, _ service: String = "") {
    steps.append(PlanStep(stage: stage, service: service, action: action))
  }

  // -- networks, volumes, files -------------------------------------------------------------------------------------------------

  private mutating func planElements(_ services: [ServiceModel]) {
    func used(_ kind: String) -> [String] { Set(services.flatMap { $0.names(of: kind) }).sorted() }
    for name in used("networks") {
      let element = project.json["networks"]?[name], real = project.realName("networks", name)
      if element?["external"]?.boolValue == true || state.networks.contains(real) { continue }
      add(.network(name: real, arguments: networkArguments(name, element)))
    }
    for name in used("volumes") {
      let element = project.json["volumes"]?[name], real = project.realName("volumes", name)
      if element?["external"]?.boolValue == true || state.volumes.contains(real) { continue }
      add(.volume(name: real, arguments: labels(ComposeLabel.volume, name, element) + options(element, "driver_opts")))
    }
    for grant in Set(services.flatMap(Grant.all(of:))).sorted(by: { $0.source < $1.source }) { add(.grant(grant)) }
  }

  private func networkArguments(_ name: String, _ element: JSONValue?) -> [String] {
    var arguments = labels(ComposeLabel.network, name, element) + options(element, "driver_opts")
    if let driver = element?["driver"]?.stringValue { arguments += ["--driver", driver] }
    if element?["internal"]?.boolValue == true { arguments.append("--internal") }
    for pool in element?["ipam"]?["config"]?.arrayValue ?? [] {
      if let subnet = pool["subnet"]?.stringValue { arguments += ["--subnet", subnet] }
      if let gateway = pool["gateway"]?.stringValue { arguments += ["--gateway", gateway] }
      if let range = pool["ip_range"]?.stringValue { arguments += ["--ip-range", range] }
      for (name, address) in pool["aux_addresses"]?.objectValue ?? JSONObject() {
        arguments += ["--aux-address", "\(name)=\(address.scalarText ?? "")"]
      }
    }
    return arguments
  }

  private func labels(_ label: String, _ name: String, _ element: JSONValue?) -> [String] {
    var arguments = ["--label", "\(ComposeLabel.project)=\(project.name)", "--label", "\(label)=\(name)"]
    for (key, value) in element?["labels"]?.objectValue ?? JSONObject() { arguments += ["--label", "\(key)=\(value.scalarText ?? "")"] }
    return arguments
  }

  private func options(_ element: JSONValue?, _ name: String) -> [String] {
    (element?[name]?.objectValue ?? JSONObject()).flatMap { ["--opt", "\($0.key)=\($0.value.scalarText ?? "")"] }
  }

  // -- containers ---------------------------------------------------------------------------------------------------------------

  private func containers(of service: ServiceModel) -> [ObservedState.Container] {
    state.containers.filter { $0.service == service.name }.sorted { $0.number < $1.number }
  }

  private func count(_ service: ServiceModel) -> Int { options.scale[service.name] ?? service.replicas }

  /// What a level's services wait for.
  private mutating func planConditions(_ level: [ServiceModel]) {
    if !options.starts || options.ignoresDependencies { return }
    var isWaiting = false
    for service in level {
      for dependency in service.dependencies where dependency.condition != "service_started" {
        guard let other = project.service(dependency.name), count(other) > 0 else { continue }
        let names = (1...max(count(other), 1)).map(other.containerName)
        add(.await(condition: dependency.condition, containers: names), service.name)
        isWaiting = true
      }
    }
    if isWaiting { stage += 1 }
  }

  /// Keeps, starts and makes containers; returns those that are not what the model says any more.
  private mutating func planScale(_ service: ServiceModel) throws(ComposeError) -> [ObservedState.Container] {
    let wanted = count(service)
    if wanted > 1, let name = service.json["container_name"]?.stringValue {
      throw ComposeError("services.\(service.name).container_name: '\(name)' is one name, and there are to be \(wanted) containers")
    }
    let existing = Array(containers(of: service).prefix(wanted))
    var outdated: [ObservedState.Container] = []
    for container in existing {
      if isOutdated(container, service) {
        outdated.append(container)
      } else if container.isUp || !options.starts {
        add(.keep(container: container.name), service.name)
      } else {
        add(.start(container: container.name), service.name)
      }
    }
    var taken = Set(containers(of: service).map(\.number))
    for _ in existing.count..<max(wanted, existing.count) {
      let number = (1...).first { !taken.contains($0) } ?? 1
      taken.insert(number)
      try planCreation(service, number)
    }
    return outdated
  }

  private func isOutdated(_ container: ObservedState.Container, _ service: ServiceModel) -> Bool {
    if options.neverRecreates { return false }
    if options.recreates || container.hash != configHash(service) { return true }
    guard let image = state.images[service.image], !container.imageID.isEmpty else { return false }
    return image != container.imageID
  }

  private mutating func planCreation(_ service: ServiceModel, _ number: Int) throws(ComposeError) {
    var identity = ContainerArguments.Identity(name: service.containerName(number), number: number)
    identity.imageID = state.images[service.image] ?? ""
    let arguments = try ContainerArguments.make(service, identity)
    add(.create(container: identity.name, starts: options.starts, arguments: arguments), service.name)
  }

  /// Replaces containers, as many at once as `update_config` says: the new one before the old one goes, or behind it.
  private mutating func planUpdate(_ service: ServiceModel, _ outdated: [ObservedState.Container]) throws(ComposeError) {
    let update = service.json["deploy"]?["update_config"]
    let startsFirst = update?["order"]?.stringValue == "start-first" && service.json["container_name"] == nil && options.starts
    // Without update_config all go at once, as docker compose does.
    let parallelism = update == nil ? outdated.count : update?["parallelism"]?.integerValue ?? 1
    let size = parallelism > 0 ? parallelism : outdated.count
    let delay = seconds(update?["delay"])
    let ratio = (update?["max_failure_ratio"]?.scalarText).flatMap { Double($0) } ?? 0
    let isContinued = update?["failure_action"]?.stringValue == "continue"
    let tolerance = isContinued ? -1 : Int(ratio * Double(outdated.count))
    var taken = Set(containers(of: service).map(\.number)).union(1...max(count(service), 1))
    for start in stride(from: 0, to: outdated.count, by: size) {
      let batch = outdated[start..<min(start + size, outdated.count)]
      if start > 0, delay > 0 {
        add(.pause(seconds: delay), service.name)
        stage += 1
      }
      if !startsFirst {
        for container in batch { add(.remove(container: container.name, id: container.id), service.name) }
        stage += 1
      }
      var names: [String] = []
      for container in batch {
        let number = startsFirst ? (1...).first { !taken.contains($0) } ?? 1 : container.number
        taken.insert(number)
        names.append(service.containerName(number))
        try planCreation(service, number)
      }
      stage += 1
      if update != nil, options.starts {
        for (name, old) in zip(names, batch) {
          add(
            .settle(container: name, seconds: seconds(update?["monitor"]), old: startsFirst ? old.id : "", tolerance: tolerance),
            service.name)
        }
        stage += 1
      }
      if startsFirst {
        for container in batch { add(.remove(container: container.name, id: container.id), service.name) }
        stage += 1
      }
    }
  }

  private func seconds(_ value: JSONValue?) -> Int {
    guard let text = value?.stringValue, let duration = try? GoDuration(text) else { return 0 }
    return Int((duration.nanoseconds + 999_999_999) / 1_000_000_000)
  }

  /// Those beyond the number that is wanted, the youngest first.
  private mutating func planSurplus(_ service: ServiceModel) {
    for container in containers(of: service).dropFirst(count(service)).reversed() {
      add(.remove(container: container.name, id: container.id), service.name)
    }
  }

  private mutating func planOrphans() {
    for container in state.containers where project.service(container.service) == nil {
      if options.removesOrphans {
        add(.remove(container: container.name, id: container.id), container.service)
      } else {
        orphans.append(container.name)
      }
    }
  }
}
