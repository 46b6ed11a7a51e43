internal import JSON

/// container.json: what a container is beyond its config.json. ctrmon obeys it, `ls` and `inspect` show it; written last, so that a
/// directory without it is a create that did not finish. Its schema is schemas/container.schema.json.
package struct ContainerRecord: Codable, Hashable, Sendable {
  package static let fileName = "container.json"

  package var schemaVersion = 1
  /// 64 hexadecimal digits.
  package var id: String
  /// Empty for a bundle in a directory of the user's that got no `--name`.
  package var name: String
  /// RFC 3339 with nanoseconds, UTC.
  package var created: String
  /// The image as it was named; empty where there was none.
  package var image: String
  /// The digest of the image's configuration.
  package var imageID: String?
  /// The program and its arguments: config.json's `process.args` without a `--init` in front.
  package var path: String
  package var args: [String]
  package var labels: [String: String]
  package var tty: Bool
  package var openStdin: Bool
  /// The streams that a foreground run shows: `stdin`, `stdout`, `stderr`.
  package var attach: [String]
  package var detach: Bool
  package var detachKeys: String?
  package var signalProxy: Bool
  package var autoRemove: Bool
  package var restartPolicy: RestartPolicy
  /// A name or a number, as the user or the image gave it.
  package var stopSignal: String
  package var stopSignalNumber: Int32
  /// Seconds; nil is docker's 10.
  package var stopTimeout: Int?
  package var healthcheck: HealthcheckRecord?
  package var log: LogConfiguration
  package var networkMode: String
  package var networks: [NetworkAttachment]
  package var ports: [PortMapping]
  package var exposedPorts: [String]
  package var publishAll: Bool
  package var mounts: [MountPoint]
  package var limits: ResourceFlags
  package var ulimits: [Ulimit]
  /// What the process was configured with, before any look at the image's files.
  package var configuration: Configuration
  package var security: Security
  /// What the root file system is mounted from, the topmost first; absolute.
  package var lowerdirs: [String]
}

/// A health check, with times in nanoseconds; nil and 0 are docker's defaults.
package struct HealthcheckRecord: Codable, Hashable, Sendable {
  /// `["CMD", …]`, `["CMD-SHELL", "…"]` or `["NONE"]`.
  package var test: [String]
  package var interval: Int64?
  package var timeout: Int64?
  package var startPeriod: Int64?
  package var startInterval: Int64?
  package var retries: Int?
}

package struct LogConfiguration: Codable, Hashable, Sendable {
  package var driver: String
  package var options: [String: String]
}

/// A mount as `docker inspect` shows it under Mounts.
package struct MountPoint: Codable, Hashable, Sendable {
  /// `bind`, `volume` or `tmpfs`.
  package var type: String
  /// The volume's name.
  package var name: String?
  package var source: String
  package var destination: String
  package var driver: String?
  package var mode: String
  package var readWrite: Bool
  package var propagation: String
  /// A volume that nobody named: it goes with the container.
  package var anonymous: Bool?
}

/// The container's configuration for people: what inspect shows under Config.
package struct Configuration: Codable, Hashable, Sendable {
  package var hostname: String
  package var domainname: String
  package var user: String
  package var env: [String]
  package var cmd: [String]?
  package var entrypoint: [String]?
  package var workingDir: String
  package var volumes: [String]?
}

/// What the container may: what inspect shows under HostConfig.
package struct Security: Codable, Hashable, Sendable {
  package var privileged: Bool
  package var readonlyRootfs: Bool
  package var capAdd: [String]
  package var capDrop: [String]
  package var securityOpt: [String]
  package var groupAdd: [String]
  package var initProcess: Bool
  package var pidMode: String
  package var ipcMode: String
  package var utsMode: String
  package var cgroupnsMode: String
  package var oomScoreAdj: Int
  /// Bytes.
  package var shmSize: Int64
  package var devices: [DeviceMapping]
  package var sysctls: [String: String]
  package var dns: [String]
  package var dnsSearch: [String]
  package var dnsOptions: [String]
  package var extraHosts: [String]
  package var volumesFrom: [String]
  package var binds: [String]
  package var tmpfs: [String: String]
  package var annotations: [String: String]
  package var idFile: String
}
