/// Everything that `docker run`'s flags say about a container, parsed to plain values; nothing here has looked at the machine but for
/// the files that `--env-file` and `--label-file` name.
package struct ContainerFlags: Sendable {
  // What runs.
  package var environment: [String] = []
  package var workingDirectory: String?
  package var user: String?
  package var groupAdd: [String] = []
  /// `--entrypoint`; an empty string takes the image's away.
  package var entrypoint: String?
  package var tty = false
  package var openStdin = false
  package var usesInit = false

  // Who it is.
  package var name: String?
  package var hostname: String?
  package var domainname: String?
  package var labels: [String: String] = [:]
  package var annotations: [String: String] = [:]
  package var idFile: String?
  package var platform: String?

  // What it may.
  package var capAdd: [String] = []
  package var capDrop: [String] = []
  package var privileged = false
  package var security = SecurityOptions()
  package var readOnly = false
  package var devices: [DeviceMapping] = []
  package var deviceRules: [DeviceRule] = []
  package var sysctls: [String: String] = [:]
  package var ulimits: [Ulimit] = []
  package var resources = ResourceFlags()
  package var oomScoreAdj: Int?

  // What it shares.
  package var pidMode = NamespaceMode.private
  package var ipcMode = IPCMode.private
  package var utsMode = NamespaceMode.private
  package var cgroupMode: NamespaceMode?
  package var networks: [NetworkAttachment] = []
  package var dns: [String] = []
  package var dnsSearch: [String] = []
  package var dnsOptions: [String] = []
  package var extraHosts: [ExtraHost] = []
  package var ports: [PortMapping] = []
  /// The `-p` values as they were typed, for portmap.
  package var portSpecs: [String] = []
  package var exposed: [String] = []
  package var publishAll = false
  /// `bypass`, or `respect`, where the host's INPUT rules decide about published ports; nil for the former.
  package var firewall: String?
  /// The service that the published ports belong to.
  package var service: String?
  package var mounts: [MountRequest] = []
  /// `CONTAINER[:ro|rw]`.
  package var volumesFrom: [String] = []
  /// Bytes.
  package var shmSize: Int64 = 64 << 20

  // How it is held.
  package var attach: [String] = []
  package var detach = false
  package var detachKeys: String?
  package var signalProxy = true
  package var autoRemove = false
  package var restart = RestartPolicy()
  package var stopSignal: String?
  /// Seconds.
  package var stopTimeout: Int?
  package var health: HealthFlags?
  package var logDriver: String?
  package var logOptions: [String: String] = [:]

  /// The network mode: `bridge` where nothing was said.
  package var networkMode: String {
    let name = networks.first?.name ?? "bridge"
    return name == "default" ? "bridge" : name
  }
}

/// The cgroup limits; nil was not given.
package struct ResourceFlags: Hashable, Codable, Sendable {
  /// Bytes.
  package var memory: Int64?
  /// Bytes, -1 without limit.
  package var memorySwap: Int64?
  /// Bytes.
  package var memoryReservation: Int64?
  package var memorySwappiness: Int64?
  package var oomKillDisable: Bool?
  /// Billionths of a CPU.
  package var nanoCPUs: Int64?
  package var cpuShares: Int64?
  /// Microseconds.
  package var cpuPeriod: Int64?
  /// Microseconds.
  package var cpuQuota: Int64?
  /// Microseconds.
  package var cpuRealtimePeriod: Int64?
  /// Microseconds.
  package var cpuRealtimeRuntime: Int64?
  package var cpusetCpus: String?
  package var cpusetMems: String?
  package var pidsLimit: Int64?
  package var blkioWeight: UInt16?
  /// The parent of the container's cgroup; `/tote` where nothing was said.
  package var cgroupParent: String?
}

/// `--health-*`: what was said replaces that part of the image's health check; times in nanoseconds.
package struct HealthFlags: Hashable, Sendable {
  /// `--no-healthcheck`.
  package var disabled = false
  package var command: String?
  package var interval: Int64?
  package var timeout: Int64?
  package var startPeriod: Int64?
  package var startInterval: Int64?
  package var retries: Int?
}

/// `--pid`, `--uts`, `--cgroupns`.
package enum NamespaceMode: Hashable, Sendable {
  case `private`, host
  case container(String)
}

/// `--ipc`.
package enum IPCMode: Hashable, Sendable {
  case `private`, host, none, shareable
  case container(String)
}
