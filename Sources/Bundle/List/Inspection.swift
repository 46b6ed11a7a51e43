package import JSON
internal import Linux
internal import SystemPackage

/// What `docker inspect` says of a container.
package struct Inspection {
  let container: StoredContainer
  let state: ContainerState
  let places: Places
  let ports: [ShownPort]

  package init(_ container: StoredContainer, _ places: Places) throws(BundleError) {
    self.container = container
    self.places = places
    state = try ContainerState(container, places)
    ports = try PublishedPorts(places).of(container.record.id)
  }

  /// - Parameter sizes: measures the container as well.
  package func document(sizes: Bool) throws(BundleError) -> JSONValue {
    let record = container.record
    let directory = container.directory
    var document: JSONValue = [
      "Id": .string(record.id), "Created": .string(record.created), "Path": .string(record.path), "Args": strings(record.args),
      "State": stateDocument, "Image": .string(record.imageID ?? ""),
      "ResolvConfPath": .string(directory.appending("resolv.conf").string),
      "HostnamePath": .string(directory.appending("hostname").string), "HostsPath": .string(directory.appending("hosts").string),
      "LogPath": .string(directory.appending("log").string), "Name": .string("/" + record.name),
      "RestartCount": .integer(state.restartCount), "Driver": "overlayfs", "Platform": "linux", "MountLabel": "", "ProcessLabel": "",
      "AppArmorProfile": "", "ExecIDs": .null, "HostConfig": hostConfig, "GraphDriver": graphDriver,
    ]
    if sizes {
      let size = try ContainerSize(container)
      document["SizeRw"] = .integer(size.written)
      document["SizeRootFs"] = .integer(size.total)
    }
    document["Mounts"] = .array(record.mounts.map(mountDocument))
    document["Config"] = config
    document["NetworkSettings"] = networkSettings
    document["Bundle"] = .string(directory.string)
    return document
  }

  private var stateDocument: JSONValue {
    let zero = "0001-01-01T00:00:00Z"
    var document: JSONValue = [
      "Status": .string(state.status.rawValue), "Running": .bool(state.isRunning), "Paused": .bool(state.status == .paused),
      "Restarting": .bool(state.status == .restarting), "OOMKilled": .bool(state.oomKilled), "Dead": .bool(state.status == .dead),
      "Pid": .integer(state.isRunning ? state.pid : 0), "ExitCode": .integer(state.exitCode), "Error": .string(state.error),
      "StartedAt": .string(state.startedAt.isEmpty || state.status == .created ? zero : state.startedAt),
      "FinishedAt": .string(state.finishedAt.isEmpty ? zero : state.finishedAt),
    ]
    if let health = state.health {
      document["Health"] = HealthRecord.read(container.record.id, places) ?? ["Status": .string(health), "FailingStreak": 0, "Log": []]
    }
    return document
  }

  private func mountDocument(_ point: MountPoint) -> JSONValue {
    var document: JSONValue = ["Type": .string(point.type)]
    if let name = point.name { document["Name"] = .string(name) }
    document["Source"] = .string(point.source)
    document["Destination"] = .string(point.destination)
    if let driver = point.driver { document["Driver"] = .string(driver) }
    document["Mode"] = .string(point.mode)
    document["RW"] = .bool(point.readWrite)
    document["Propagation"] = .string(point.propagation)
    return document
  }

  private var graphDriver: JSONValue {
    let directory = container.directory
    return [
      "Data": [
        "LowerDir": .string(container.record.lowerdirs.joined(separator: ":")), "MergedDir": .string(directory.appending("rootfs").string),
        "UpperDir": .string(directory.appending("upper").string), "WorkDir": .string(directory.appending("work").string),
      ], "Name": "overlayfs",
    ]
  }

  private var config: JSONValue {
    let record = container.record, configuration = record.configuration
    var document: JSONValue = [
      "Hostname": .string(configuration.hostname), "Domainname": .string(configuration.domainname), "User": .string(configuration.user),
      "AttachStdin": .bool(record.attach.contains("stdin")), "AttachStdout": .bool(record.attach.contains("stdout")),
      "AttachStderr": .bool(record.attach.contains("stderr")), "ExposedPorts": set(record.exposedPorts), "Tty": .bool(record.tty),
      "OpenStdin": .bool(record.openStdin), "StdinOnce": .bool(record.openStdin && record.attach.contains("stdin")),
      "Env": strings(configuration.env), "Cmd": configuration.cmd.map(strings) ?? .null, "Image": .string(record.image),
      "Volumes": configuration.volumes.map(set) ?? .null, "WorkingDir": .string(configuration.workingDir),
      "Entrypoint": configuration.entrypoint.map(strings) ?? .null, "Labels": map(record.labels),
      "StopSignal": .string(record.stopSignal),
    ]
    if let timeout = record.stopTimeout { document["StopTimeout"] = .integer(timeout) }
    if let check = record.healthcheck {
      var health: JSONValue = ["Test": strings(check.test)]
      for (name, value) in [
        ("Interval", check.interval), ("Timeout", check.timeout), ("StartPeriod", check.startPeriod),
        ("StartInterval", check.startInterval),
        ("Retries", check.retries.map(Int64.init)),
      ] {
        if let value { health[name] = .integer(value) }
      }
      document["Healthcheck"] = health
    }
    return document
  }
}

func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

/// Go's `map[string]struct{}`.
func set(_ texts: [String]) -> JSONValue {
  var object = JSONObject()
  for text in texts.sorted() { object[text] = [:] }
  return .object(object)
}

func map(_ texts: [String: String]) -> JSONValue {
  var object = JSONObject()
  for (key, value) in texts.sorted(by: { $0.key < $1.key }) { object[key] = .string(value) }
  return .object(object)
}
