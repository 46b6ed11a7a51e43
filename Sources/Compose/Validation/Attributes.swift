/// What may stand where (compose-spec, "Services top-level elements" and the other top-level elements).
enum Attributes {
  static let topLevel: [String: Shape] = [
    "name": .string, "version": [.string, .number], "include": .list, "services": [.mapping, .null], "networks": [.mapping, .null],
    "volumes": [.mapping, .null], "secrets": [.mapping, .null], "configs": [.mapping, .null],
  ]

  static let service: [String: Shape] = {
    let groups: [(String, Shape)] = [
      (
        "cgroup cgroup_parent container_name cpuset domainname hostname image ipc isolation mac_address network_mode platform pull_policy "
          + "restart runtime stop_grace_period stop_signal user userns_mode uts working_dir", .string
      ),
      ("pid", [.string, .null]),
      ("attach init oom_kill_disable privileged read_only stdin_open tty", [.bool, .string]),
      (
        "cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus mem_limit mem_reservation mem_swappiness "
          + "memswap_limit oom_score_adj pids_limit scale shm_size", [.number, .string]
      ),
      (
        "cap_add cap_drop configs device_cgroup_rules devices dns_opt expose external_links group_add links ports post_start pre_stop "
          + "profiles secrets security_opt volumes volumes_from", .list
      ),
      ("annotations environment extra_hosts labels sysctls", [.list, .mapping]),
      ("depends_on networks", [.list, .mapping]),
      ("dns dns_search env_file label_file tmpfs", [.string, .list]),
      ("command entrypoint", [.string, .list, .null]),
      ("blkio_config credential_spec healthcheck logging storage_opt ulimits", .mapping),
      ("deploy develop", [.mapping, .null]),
      ("build extends", [.string, .mapping]),
      ("gpus", [.string, .list]),
    ]
    var shapes: [String: Shape] = [:]
    for (names, shape) in groups { for name in names.split(separator: " ") { shapes[String(name)] = shape } }
    return shapes
  }()

  static let network: [String: Shape] = [
    "name": .string, "driver": .string, "driver_opts": .mapping, "ipam": .mapping, "external": [.bool, .string, .mapping],
    "internal": [.bool, .string], "enable_ipv4": [.bool, .string], "enable_ipv6": [.bool, .string], "attachable": [.bool, .string],
    "labels": [.list, .mapping],
  ]

  static let volume: [String: Shape] = [
    "name": .string, "driver": .string, "driver_opts": .mapping, "external": [.bool, .string, .mapping], "labels": [.list, .mapping],
  ]

  static let secret: [String: Shape] = [
    "name": .string, "environment": .string, "file": .string, "external": [.bool, .string, .mapping], "labels": [.list, .mapping],
    "driver": .string, "driver_opts": .mapping, "template_driver": .string,
  ]

  static let config: [String: Shape] = [
    "name": .string, "content": .string, "environment": .string, "file": .string, "external": [.bool, .string, .mapping],
    "labels": [.list, .mapping], "template_driver": .string,
  ]

  /// Lists of services.* whose entries are scalars.
  static let scalarLists: Set<String> = [
    "cap_add", "cap_drop", "device_cgroup_rules", "dns_opt", "dns", "dns_search", "expose", "external_links", "group_add", "links",
    "profiles",
    "security_opt", "tmpfs", "volumes_from", "label_file", "command", "entrypoint",
  ]

  /// Lists of services.* whose entries are strings or mappings.
  static let shortOrLongLists: [String: Shape] = [
    "ports": [.number, .string, .mapping], "volumes": [.string, .mapping], "secrets": [.string, .mapping], "configs": [.string, .mapping],
    "devices": [.string, .mapping], "env_file": [.string, .mapping], "post_start": .mapping, "pre_stop": .mapping,
  ]
}
