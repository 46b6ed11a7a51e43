package import JSON

extension ImageConfiguration {
  /// The parameters with which a container of the image runs unless told otherwise (image-spec config.md#properties, `config`), and
  /// Docker's additions `OnBuild` and `Shell`.
  package struct Config: Hashable, Sendable, Codable {
    /// `user`, `uid`, `user:group`, `uid:gid`, `uid:group` or `user:gid`.
    package var user: String?
    /// `port/tcp`, `port/udp` or `port`.
    package var exposedPorts: KeySet?
    /// `NAME=value`.
    package var env: [String]?
    package var entrypoint: [String]?
    package var cmd: [String]?
    package var volumes: KeySet?
    package var workingDir: String?
    package var labels: [String: String]?
    /// `SIGNAME`, or a number.
    package var stopSignal: String?
    package var argsEscaped: Bool?
    /// Bytes; reserved by the specification, as the next two.
    package var memory: Int64?
    package var memorySwap: Int64?
    package var cpuShares: Int64?
    package var healthcheck: Healthcheck?
    package var onBuild: [String]?
    package var shell: [String]?
    package var unknown: UnknownProperties

    private enum CodingKeys: String, CodingKey {
      case user = "User"
      case exposedPorts = "ExposedPorts"
      case env = "Env"
      case entrypoint = "Entrypoint"
      case cmd = "Cmd"
      case volumes = "Volumes"
      case workingDir = "WorkingDir"
      case labels = "Labels"
      case stopSignal = "StopSignal"
      case argsEscaped = "ArgsEscaped"
      case memory = "Memory"
      case memorySwap = "MemorySwap"
      case cpuShares = "CpuShares"
      case healthcheck = "Healthcheck"
      case onBuild = "OnBuild"
      case shell = "Shell"
      case unknown
    }

    package init() { unknown = UnknownProperties() }
  }
}
