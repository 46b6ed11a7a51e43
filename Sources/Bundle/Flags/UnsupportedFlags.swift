internal import CommandSupport

/// What docker has and this program does not do, each with the reason that its user reads.
let unsupportedFlags: [(name: String, kind: Option.Kind, reason: String)] = [
  ("gpus", .list("GPUS"), "there is no GPU support; give the device nodes with --device"),
  ("runtime", .value("RUNTIME"), "the bundle runs under any OCI runtime: choose it when you run it"),
  ("isolation", .value("MODE"), "it is for Windows"),
  ("cpu-count", .value("N"), "it is for Windows"),
  ("cpu-percent", .value("N"), "it is for Windows"),
  ("io-maxbandwidth", .value("BYTES"), "it is for Windows"),
  ("io-maxiops", .value("N"), "it is for Windows"),
  ("kernel-memory", .value("BYTES"), "the kernel no longer has it"),
  ("link", .list("CONTAINER"), "use a network and --network-alias"),
  ("ip6", .value("ADDRESS"), "netctl gives out IPv4 addresses only"),
  ("link-local-ip", .list("ADDRESS"), "netctl does not give out link-local addresses"),
  ("storage-opt", .list("OPTION"), "overlayfs directories have no size limit"),
  ("use-api-socket", .flag, "there is no daemon and so no socket"),
  ("blkio-weight-device", .list("DEVICE:WEIGHT"), "only --blkio-weight so far"),
  ("device-read-bps", .list("DEVICE:RATE"), "no I/O throttling so far"),
  ("device-read-iops", .list("DEVICE:RATE"), "no I/O throttling so far"),
  ("device-write-bps", .list("DEVICE:RATE"), "no I/O throttling so far"),
  ("device-write-iops", .list("DEVICE:RATE"), "no I/O throttling so far"),
]

extension ContainerOptionTable {
  static let unsupported: [Option] = unsupportedFlags.map { flag in
    switch flag.kind {
    case .flag: .flag(flag.name, help: "not supported: \(flag.reason)")
    case .value(let placeholder): .value(flag.name, placeholder: placeholder, help: "not supported: \(flag.reason)")
    case .list(let placeholder): .list(flag.name, placeholder: placeholder, help: "not supported: \(flag.reason)")
    case .optional(let placeholder, let alone):
      .optional(flag.name, placeholder: placeholder, alone: alone, help: "not supported: \(flag.reason)")
    }
  }

  /// Refuses what is in the table only so that its error can say why.
  static func refuseUnsupported(_ parsed: ParsedOptions) throws(BundleError) {
    for flag in unsupportedFlags where parsed.given(flag.name) {
      throw .unsupported(flag: "--" + flag.name, reason: flag.reason)
    }
  }
}
