internal import JSON

extension Inspection {
  /// `HostConfig`: what the flags asked for.
  var hostConfig: JSONValue {
    let record = container.record, security = record.security
    var document: JSONValue = [
      "Binds": strings(security.binds), "ContainerIDFile": .string(security.idFile),
      "LogConfig": ["Type": .string(record.log.driver), "Config": map(record.log.options)],
      "NetworkMode": .string(record.networkMode), "PortBindings": portBindings,
      "RestartPolicy": [
        "Name": .string(record.restartPolicy.name.rawValue), "MaximumRetryCount": .integer(record.restartPolicy.maximumRetryCount),
      ],
      "AutoRemove": .bool(record.autoRemove), "VolumesFrom": security.volumesFrom.isEmpty ? .null : strings(security.volumesFrom),
      "CapAdd": security.capAdd.isEmpty ? .null : strings(security.capAdd),
      "CapDrop": security.capDrop.isEmpty ? .null : strings(security.capDrop), "CgroupnsMode": .string(security.cgroupnsMode),
      "Dns": strings(security.dns), "DnsOptions": strings(security.dnsOptions), "DnsSearch": strings(security.dnsSearch),
      "ExtraHosts": security.extraHosts.isEmpty ? .null : strings(security.extraHosts),
      "GroupAdd": security.groupAdd.isEmpty ? .null : strings(security.groupAdd), "IpcMode": .string(security.ipcMode),
      "OomScoreAdj": .integer(security.oomScoreAdj), "PidMode": .string(security.pidMode), "Privileged": .bool(security.privileged),
      "PublishAllPorts": .bool(record.publishAll), "ReadonlyRootfs": .bool(security.readonlyRootfs),
      "SecurityOpt": security.securityOpt.isEmpty ? .null : strings(security.securityOpt), "Tmpfs": map(security.tmpfs),
      "UTSMode": .string(security.utsMode), "UsernsMode": "", "ShmSize": .integer(security.shmSize), "Sysctls": map(security.sysctls),
      "Runtime": "runc-swift", "Init": .bool(security.initProcess), "Annotations": map(security.annotations),
    ]
    for (name, value) in limits { document[name] = value }
    return document
  }

  private var limits: [(String, JSONValue)] {
    let limits = container.record.limits
    func number(_ value: (some BinaryInteger)?) -> JSONValue { .integer(Int64(value ?? 0)) }
    return [
      ("CpuShares", number(limits.cpuShares)), ("Memory", number(limits.memory)), ("NanoCpus", number(limits.nanoCPUs)),
      ("CgroupParent", .string(limits.cgroupParent ?? "")), ("BlkioWeight", number(limits.blkioWeight)),
      ("CpuPeriod", number(limits.cpuPeriod)), ("CpuQuota", number(limits.cpuQuota)),
      ("CpuRealtimePeriod", number(limits.cpuRealtimePeriod)), ("CpuRealtimeRuntime", number(limits.cpuRealtimeRuntime)),
      ("CpusetCpus", .string(limits.cpusetCpus ?? "")), ("CpusetMems", .string(limits.cpusetMems ?? "")),
      ("Devices", .array(container.record.security.devices.map(device))),
      ("MemoryReservation", number(limits.memoryReservation)),
      ("MemorySwap", number(limits.memorySwap ?? limits.memory.map { $0 * 2 })),
      ("MemorySwappiness", limits.memorySwappiness.map { .integer($0) } ?? .null),
      ("OomKillDisable", .bool(limits.oomKillDisable ?? false)), ("PidsLimit", limits.pidsLimit.map { .integer($0) } ?? .null),
      (
        "Ulimits",
        .array(container.record.ulimits.map { ["Name": .string($0.name), "Hard": .integer($0.hard), "Soft": .integer($0.soft)] })
      ),
    ]
  }

  private func device(_ mapping: DeviceMapping) -> JSONValue {
    [
      "PathOnHost": .string(mapping.pathOnHost), "PathInContainer": .string(mapping.pathInContainer),
      "CgroupPermissions": .string(mapping.permissions),
    ]
  }

  private var portBindings: JSONValue {
    var object = JSONObject()
    for port in container.record.ports {
      let binding: JSONValue = ["HostIp": .string(port.hostIP), "HostPort": .string(port.hostPort)]
      object[port.exposed] = .array((object[port.exposed]?.arrayValue ?? []) + [binding])
    }
    return .object(object)
  }
}
