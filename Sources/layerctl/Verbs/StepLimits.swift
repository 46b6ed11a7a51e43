import ArgumentParser

/// What docker's classic builder limits RUN by; each is a flag of `ocibundle create`, which checks it.
struct StepLimits: ParsableArguments {
  typealias Value = ArgumentParser.Option

  @Value(name: [.customLong("memory"), .customShort("m")], help: "Memory limit of RUN.") var memory: String?
  @Value(help: "Memory and swap together.") var memorySwap: String?
  @Value(name: [.customLong("cpu-shares"), .customShort("c")], help: "Relative weight of RUN's processes.") var cpuShares: String?
  @Value(help: "Microseconds of a period of the CPU's scheduler.") var cpuPeriod: String?
  @Value(help: "Microseconds of a period that RUN may use.") var cpuQuota: String?
  @Value(help: "CPUs that RUN may use.") var cpusetCpus: String?
  @Value(help: "Memory nodes that RUN may use.") var cpusetMems: String?
  @Value(help: "The parent of RUN's cgroup.") var cgroupParent: String?
  @Value(help: "Security options of RUN, as ocibundle has them.") var securityOpt: [String] = []
  @ArgumentParser.Flag(
    name: [.customLong("rm"), .customLong("force-rm"), .customLong("compress"), .customLong("disable-content-trust")],
    help: "Accepted for docker's sake.") var accepted = false

  var flags: [String] {
    let values = [
      ("--memory", memory), ("--memory-swap", memorySwap), ("--cpu-shares", cpuShares), ("--cpu-period", cpuPeriod),
      ("--cpu-quota", cpuQuota), ("--cpuset-cpus", cpusetCpus), ("--cpuset-mems", cpusetMems), ("--cgroup-parent", cgroupParent),
    ]
    return values.flatMap { name, value in value.map { [name, $0] } ?? [] } + securityOpt.flatMap { ["--security-opt", $0] }
  }
}
