package import CommandSupport

/// `docker run`'s flags as one table: what parses them, prints their help and completes them.
package enum ContainerOptionTable {
  package static let options: [Option] = process + identity + permissions + limits + networking + storage + lifecycle + health + unsupported

  /// Those that `docker update` has.
  package static let updates: [Option] = options.filter { updated.contains($0.name) }

  private static let updated: Set<String> = [
    "memory", "memory-swap", "memory-reservation", "cpus", "cpu-shares", "cpu-period", "cpu-quota", "cpu-rt-period", "cpu-rt-runtime",
    "cpuset-cpus", "cpuset-mems", "pids-limit", "blkio-weight", "restart",
  ]

  /// `-m, --memory`, as docker's messages name a flag.
  static func spelling(_ name: String) -> String {
    guard let option = options.first(where: { $0.name == name }) else { return "--" + name }
    let short = option.names.first { $0.count == 1 }.map { "-\($0), " } ?? ""
    return "\(short)--\(name)"
  }

  private static let process: [Option] = [
    .list("env", "e", placeholder: "NAME[=VALUE]", help: "set an environment variable"),
    .list("env-file", placeholder: "FILE", help: "read environment variables from a file"),
    .value("workdir", "w", placeholder: "DIR", help: "working directory inside the container"),
    .value("user", "u", placeholder: "USER[:GROUP]", help: "name or number of the user, and of the group"),
    .list("group-add", placeholder: "GROUP", help: "one more group for the process"),
    .value("entrypoint", placeholder: "COMMAND", help: "overwrite the image's entry point"),
    .flag("tty", "t", help: "give the process a terminal"),
    .flag("interactive", "i", help: "keep standard input open"),
    .flag("init", help: "run an init that forwards signals and reaps processes"),
  ]
  private static let identity: [Option] = [
    .value("name", placeholder: "NAME", help: "name the container"),
    .value("hostname", "h", placeholder: "NAME", help: "host name inside the container"),
    .value("domainname", placeholder: "NAME", help: "NIS domain name inside the container"),
    .list("label", "l", placeholder: "NAME[=VALUE]", help: "attach a label"),
    .list("label-file", placeholder: "FILE", help: "read labels from a file"),
    .list("annotation", placeholder: "NAME=VALUE", help: "add an annotation to config.json"),
    .value("cidfile", placeholder: "FILE", help: "write the container's id to a file"),
    .value("platform", placeholder: "OS/ARCH", help: "the image must be of this platform"),
    .value("pull", placeholder: "WHEN", help: "always, missing or never: obeyed by the caller, who pulls"),
    .flag("quiet", "q", help: "obeyed by the caller, who pulls"),
  ]
  private static let permissions: [Option] = [
    .list("cap-add", placeholder: "CAPABILITY", help: "add a capability, or ALL"),
    .list("cap-drop", placeholder: "CAPABILITY", help: "drop a capability, or ALL"),
    .flag("privileged", help: "all capabilities and devices, nothing masked"),
    .list(
      "security-opt", placeholder: "OPTION", help: "seccomp=FILE|unconfined, no-new-privileges, apparmor=PROFILE, systempaths=unconfined"),
    .list("device", placeholder: "HOST[:CONTAINER][:rwm]", help: "add a host device"),
    .list("device-cgroup-rule", placeholder: "RULE", help: "allow devices: 'TYPE MAJOR:MINOR MODE'"),
    .list("sysctl", placeholder: "NAME=VALUE", help: "set a kernel parameter of the container's namespaces"),
    .value("userns", placeholder: "MODE", help: "host: the only one so far"),
    .value("pid", placeholder: "MODE", help: "host or container:ID"),
    .value("ipc", placeholder: "MODE", help: "none, private, shareable, host or container:ID"),
    .value("uts", placeholder: "MODE", help: "host"),
    .value("cgroupns", placeholder: "MODE", help: "host or private"),
  ]
  private static let limits: [Option] = [
    .value("memory", "m", placeholder: "BYTES", help: "memory limit"),
    .value("memory-swap", placeholder: "BYTES", help: "limit of memory and swap together, -1 for none"),
    .value("memory-reservation", placeholder: "BYTES", help: "soft memory limit"),
    .value("memory-swappiness", placeholder: "N", help: "0 to 100, -1 for the host's"),
    .value("cpus", placeholder: "N", help: "number of CPUs, such as 1.5"),
    .value("cpu-shares", "c", placeholder: "N", help: "relative weight"),
    .value("cpu-period", placeholder: "US", help: "scheduler period in microseconds"),
    .value("cpu-quota", placeholder: "US", help: "scheduler quota in microseconds"),
    .value("cpu-rt-period", placeholder: "US", help: "real-time period in microseconds"),
    .value("cpu-rt-runtime", placeholder: "US", help: "real-time runtime in microseconds"),
    .value("cpuset-cpus", placeholder: "LIST", help: "CPUs to run on (0-3, 0,1)"),
    .value("cpuset-mems", placeholder: "LIST", help: "memory nodes to use"),
    .value("pids-limit", placeholder: "N", help: "number of processes, -1 for no limit"),
    .value("blkio-weight", placeholder: "N", help: "block I/O weight, 10 to 1000"),
    .list("ulimit", placeholder: "NAME=SOFT[:HARD]", help: "a resource limit of the process"),
    .flag("oom-kill-disable", help: "never kill for lack of memory"),
    .value("oom-score-adj", placeholder: "N", help: "-1000 to 1000: who is killed first"),
    .value("shm-size", placeholder: "BYTES", help: "size of /dev/shm"),
    .value("cgroup-parent", placeholder: "PATH", help: "parent of the container's cgroup"),
  ]
  private static let networking: [Option] = [
    .list("network", "net", placeholder: "NETWORK", help: "bridge, none, host, container:ID or a network's name"),
    .list("network-alias", "net-alias", placeholder: "NAME", help: "another name of the container in its network"),
    .value("ip", placeholder: "ADDRESS", help: "IPv4 address in its network"),
    .value("mac-address", placeholder: "MAC", help: "hardware address in its network"),
    .list("dns", placeholder: "ADDRESS", help: "a DNS server"),
    .list("dns-search", placeholder: "DOMAIN", help: "a DNS search domain"),
    .list("dns-option", "dns-opt", placeholder: "OPTION", help: "a resolver option"),
    .list("add-host", placeholder: "NAME:ADDRESS", help: "a line for /etc/hosts"),
    .list("publish", "p", placeholder: "[[IP:]PORT:]PORT", help: "publish a port of the container on the host"),
    .flag("publish-all", "P", help: "publish all exposed ports on free ports"),
    .list("expose", placeholder: "PORT", help: "expose a port or a range"),
    .value("firewall", placeholder: "HOW", help: "for published ports: bypass, or respect the host's INPUT rules (TOTE_FIREWALL)"),
    .value("service", placeholder: "NAME", help: "publish ports together with the other containers of this service, balanced over them"),
  ]
  private static let storage: [Option] = [
    .list("volume", "v", placeholder: "[SOURCE:]TARGET[:OPTIONS]", help: "mount a host path or a volume"),
    .list("mount", placeholder: "KEY=VALUE,…", help: "mount a bind, volume or tmpfs"),
    .list("tmpfs", placeholder: "TARGET[:OPTIONS]", help: "mount a tmpfs"),
    .list("volumes-from", placeholder: "CONTAINER[:ro]", help: "mount the volumes of another container"),
    .value("volume-driver", placeholder: "DRIVER", help: "local: the only one"),
    .flag("read-only", help: "mount the root file system read-only"),
  ]
  private static let lifecycle: [Option] = [
    .list("attach", "a", placeholder: "STREAM", help: "stdin, stdout or stderr"),
    .flag("detach", "d", help: "obeyed by the caller: run in the background"),
    .value("detach-keys", placeholder: "KEYS", help: "obeyed by the caller: what detaches from the container"),
    .optional("sig-proxy", placeholder: "BOOL", alone: "true", help: "obeyed by the caller: hand signals on"),
    .flag("rm", help: "remove the container when it ends"),
    .value("restart", placeholder: "POLICY", help: "no, on-failure[:N], always or unless-stopped"),
    .value("stop-signal", placeholder: "SIGNAL", help: "signal that stops the container"),
    .value("stop-timeout", placeholder: "SECONDS", help: "how long it may take to stop"),
    .value("log-driver", placeholder: "DRIVER", help: "json-file, local or none"),
    .list("log-opt", placeholder: "NAME=VALUE", help: "an option of the log driver"),
  ]
  private static let health: [Option] = [
    .value("health-cmd", placeholder: "COMMAND", help: "command that checks health"),
    .value("health-interval", placeholder: "DURATION", help: "time between checks"),
    .value("health-timeout", placeholder: "DURATION", help: "how long one check may take"),
    .value("health-retries", placeholder: "N", help: "failures in a row that count as unhealthy"),
    .value("health-start-period", placeholder: "DURATION", help: "time to start up before failures count"),
    .value("health-start-interval", placeholder: "DURATION", help: "time between checks while starting"),
    .flag("no-healthcheck", help: "no health check, whatever the image says"),
  ]
}
