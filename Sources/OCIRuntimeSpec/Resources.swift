import JSON

/// The limits of the container's cgroup (config-linux.md#control-groups), also the input of `update`.
package struct Resources: Hashable, Sendable, Codable {
  /// Applied in this order.
  package var devices: [DeviceRule]?
  package var memory: Memory?
  package var cpu: CPU?
  package var pids: Pids?
  package var blockIO: BlockIO?
  package var hugepageLimits: [HugepageLimit]?
  package var network: Network?
  /// By device.
  package var rdma: [String: Rdma]?
  /// Files of cgroup v2 and what to write into them.
  package var unified: [String: String]?

  package init() {}

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    devices = try members.optional("devices")
    memory = try members.optional("memory")
    cpu = try members.optional("cpu")
    pids = try members.optional("pids")
    blockIO = try members.optional("blockIO")
    hugepageLimits = try members.optional("hugepageLimits")
    network = try members.optional("network")
    rdma = try members.optional("rdma")
    unified = try members.optional("unified")
  }
}
