internal import OCIImageSpec
internal import SystemPackage

extension BundlePlan {
  /// container.json for this plan.
  func record(
    name: String, source: ImageSource, request: CreateRequest, created: String
  ) throws(BundleError) -> ContainerRecord {
    let stopSignal = flags.stopSignal ?? image.stopSignal.flatMap { $0.isEmpty ? nil : $0 } ?? "SIGTERM"
    return ContainerRecord(
      id: id, name: name, created: created, image: source.name, imageID: source.id, path: command.arguments[0],
      args: Array(command.arguments.dropFirst()), labels: (image.labels ?? [:]).merging(flags.labels) { $1 }, tty: flags.tty,
      openStdin: flags.openStdin, attach: attachedStreams, detach: flags.detach, detachKeys: flags.detachKeys,
      signalProxy: flags.signalProxy, autoRemove: flags.autoRemove, restartPolicy: flags.restart, stopSignal: stopSignal,
      stopSignalNumber: try StopSignal(parsing: stopSignal).number, stopTimeout: flags.stopTimeout, healthcheck: healthcheck,
      log: LogConfiguration(driver: flags.logDriver.flatMap { $0.isEmpty ? nil : $0 } ?? "json-file", options: flags.logOptions),
      networkMode: flags.networkMode, networks: attachments, ports: flags.ports, exposedPorts: exposedPorts,
      publishAll: flags.publishAll, mounts: mounts.map(\.point), limits: flags.resources, ulimits: flags.ulimits,
      configuration: described(request), security: security, lowerdirs: source.lowerdirs.map(\.string))
  }

  private var attachedStreams: [String] {
    if flags.detach { return [] }
    if !flags.attach.isEmpty { return unique(flags.attach + (flags.openStdin ? ["stdin"] : [])) }
    return (flags.openStdin ? ["stdin"] : []) + ["stdout", "stderr"]
  }

  private var attachments: [NetworkAttachment] {
    if ["none", "host"].contains(flags.networkMode) || flags.networkMode.hasPrefix("container:") { return [] }
    let networks = flags.networks.isEmpty ? [NetworkAttachment(name: "bridge")] : flags.networks
    return networks.map { network in
      var network = network
      if network.name == "default" { network.name = "bridge" }
      return network
    }
  }

  /// The image's health check with the flags' parts in the place of its own.
  private var healthcheck: HealthcheckRecord? {
    if flags.health?.disabled == true { return nil }
    let own = image.healthcheck
    let test = flags.health?.command.map { ["CMD-SHELL", $0] } ?? own?.test ?? []
    guard let first = test.first, first != "NONE" else { return nil }
    return HealthcheckRecord(
      test: test, interval: flags.health?.interval ?? own?.interval, timeout: flags.health?.timeout ?? own?.timeout,
      startPeriod: flags.health?.startPeriod ?? own?.startPeriod, startInterval: flags.health?.startInterval ?? own?.startInterval,
      retries: flags.health?.retries ?? own?.retries)
  }

  private func described(_ request: CreateRequest) -> Configuration {
    let entrypoint = flags.entrypoint.map { $0.isEmpty ? nil : [$0] } ?? image.entrypoint
    let command = request.operands.isEmpty ? (flags.entrypoint == nil ? image.cmd : nil) : request.operands
    return Configuration(
      hostname: hostname, domainname: flags.domainname ?? "", user: flags.user ?? image.user ?? "", env: environment, cmd: command,
      entrypoint: entrypoint, workingDir: flags.workingDirectory ?? image.workingDir ?? "",
      volumes: image.volumes.map(\.sorted))
  }

  private var security: Security {
    let tmpfs = flags.mounts.filter(\.isTmpfsFlag)
    let binds = flags.mounts.filter { $0.kind != .tmpfs && !$0.source.isEmpty && ($0.createsSource || $0.kind == .volume) }
    return Security(
      privileged: flags.privileged, readonlyRootfs: flags.readOnly, capAdd: flags.capAdd, capDrop: flags.capDrop,
      securityOpt: flags.security.described, groupAdd: flags.groupAdd, initProcess: flags.usesInit, pidMode: flags.pidMode.described,
      ipcMode: flags.ipcMode.described, utsMode: flags.utsMode.described,
      cgroupnsMode: cgroupMode == .private ? "private" : "host", oomScoreAdj: flags.oomScoreAdj ?? 0, shmSize: flags.shmSize,
      devices: flags.devices, sysctls: flags.sysctls, dns: flags.dns, dnsSearch: flags.dnsSearch, dnsOptions: flags.dnsOptions,
      extraHosts: flags.extraHosts.map { "\($0.name):\($0.address)" }, volumesFrom: flags.volumesFrom,
      binds: binds.map { "\($0.source):\($0.target)\($0.mode.isEmpty ? "" : ":" + $0.mode)" },
      tmpfs: Dictionary(tmpfs.map { ($0.target, $0.tmpfsOptions.joined(separator: ",")) }) { $1 }, annotations: flags.annotations,
      idFile: flags.idFile ?? "")
  }
}

extension NamespaceMode {
  /// As `docker inspect` has it: private is the empty string.
  var described: String {
    switch self {
    case .private: ""
    case .host: "host"
    case .container(let name): "container:" + name
    }
  }
}

extension IPCMode {
  var described: String {
    switch self {
    case .private: "private"
    case .host: "host"
    case .none: "none"
    case .shareable: "shareable"
    case .container(let name): "container:" + name
    }
  }
}

extension SecurityOptions {
  var described: [String] {
    var texts: [String] = []
    if noNewPrivileges { texts.append("no-new-privileges") }
    switch seccomp {
    case .builtin: break
    case .unconfined: texts.append("seccomp=unconfined")
    case .file(let path): texts.append("seccomp=" + path)
    }
    if let apparmorProfile { texts.append("apparmor=" + apparmorProfile) }
    texts += selinuxLabels.map { "label=" + $0 }
    if systemPathsUnconfined { texts.append("systempaths=unconfined") }
    return texts
  }
}
