internal import OCIRuntimeSpec

/// Where each controller is to be found: version 1 where it has a hierarchy of its own, else version 2.
struct ControllerHomes: Sendable {
  /// The version 1 controllers.
  let legacy: Set<String>
  /// The controllers that the container's version 2 directory has.
  let unified: Set<String>
  /// Those of the version 2 root: what is here but not in `unified` was not delegated.
  let unifiedRoot: Set<String>
  /// Whether there is a version 2 directory at all.
  let hasUnified: Bool

  func version(of controller: String) -> CgroupVersion? {
    if legacy.contains(controller) { return .v1 }
    return unified.contains(Self.unifiedName(controller)) ? .v2 : nil
  }

  static func unifiedName(_ controller: String) -> String { controller == "blkio" ? "io" : controller }
}

/// One value to be written to one file of a cgroup.
struct ResourceSetting: Hashable, Sendable {
  struct Write: Hashable, Sendable {
    let file: String
    let value: String
    init(_ file: String, _ value: String) {
      self.file = file
      self.value = value
    }
  }

  /// The configuration's path: `linux.resources.memory.limit`.
  let property: String
  let controller: String
  let version: CgroupVersion
  /// The first whose file is there is written.
  let writes: [Write]
  /// Whether it is no error that none of the files is there.
  var isOptional = false
  /// Whether the kernel may quietly take another value, so that it has to be read back.
  var isVerified = false
}

/// The writes that make Resources hold (config-linux.md#control-groups), devices apart, in an order in which most
/// succeed at once; those that the kernel refuses because of another one are tried again behind it.
struct ResourcePlan: Sendable {
  let homes: ControllerHomes
  private(set) var settings: [ResourceSetting] = []
  typealias Write = ResourceSetting.Write

  init(_ resources: Resources, homes: ControllerHomes) throws(CgroupError) {
    self.homes = homes
    if let memory = resources.memory { try plan(memory) }
    if let cpu = resources.cpu { try plan(cpu) }
    if let limit = resources.pids?.limit { try plan(pids: limit) }
    if let blockIO = resources.blockIO { try plan(blockIO) }
    for (index, limit) in (resources.hugepageLimits ?? []).enumerated() { try plan(limit, index) }
    if let network = resources.network { try plan(network) }
    for (device, limit) in (resources.rdma ?? [:]).sorted(by: { $0.key < $1.key }) { try plan(rdma: device, limit) }
    for (name, value) in (resources.unified ?? [:]).sorted(by: { $0.key < $1.key }) { try plan(unified: name, value) }
  }

  /// Plans one property of `controller`: the writes for either version, nil where that version cannot express it.
  mutating func set(
    _ property: String, of controller: String, v1: [Write]?, v2: [Write]?, isOptional: Bool = false, isVerified: Bool = false
  ) throws(CgroupError) {
    let property = "linux.resources." + property
    guard let version = homes.version(of: controller) else {
      let name = ControllerHomes.unifiedName(controller)
      if homes.unifiedRoot.contains(name) { throw .notDelegated(property: property, controller: name) }
      throw .noController(property: property, controller: controller)
    }
    guard let writes = version == .v1 ? v1 : v2 else {
      throw .property(property, "cgroup v\(version.rawValue) has no such setting")
    }
    settings.append(
      ResourceSetting(
        property: property, controller: controller, version: version, writes: writes, isOptional: isOptional,
        isVerified: isVerified && version == .v1))
  }

  /// -1 is no limit; a value of 0 is one that was not given (runc's reading).
  static func limit(_ value: Int64) -> String { value < 0 ? "max" : String(value) }
}

extension ResourcePlan {
  private mutating func plan(pids limit: Int64) throws(CgroupError) {
    // The kernel lets a first process in at 0, but systemd has no 0: runc and we take 1.
    let value = limit < 0 ? "max" : String(max(limit, 1))
    try set("pids.limit", of: "pids", v1: [Write("pids.max", value)], v2: [Write("pids.max", value)])
  }

  private mutating func plan(_ limit: Resources.HugepageLimit, _ index: Int) throws(CgroupError) {
    let property = "hugepageLimits[\(index)]"
    let size = limit.pageSize
    let digits = size.prefix { $0.isASCII && $0.isNumber }
    if digits.isEmpty || digits.first == "0" || !["KB", "MB", "GB"].contains(size.dropFirst(digits.count)) {
      throw .property("linux.resources.\(property).pageSize", "'\(size)' is not a size like 2MB")
    }
    let value = String(limit.limit)
    try set(
      property + ".limit", of: "hugetlb", v1: [Write("hugetlb.\(size).limit_in_bytes", value)],
      v2: [Write("hugetlb.\(size).max", value)])
    // Reservations count apart since Linux 5.7.
    try set(
      property + ".limit", of: "hugetlb", v1: [Write("hugetlb.\(size).rsvd.limit_in_bytes", value)],
      v2: [Write("hugetlb.\(size).rsvd.max", value)], isOptional: true)
  }

  private mutating func plan(_ network: Resources.Network) throws(CgroupError) {
    if let classID = network.classID, classID != 0 {
      try set("network.classID", of: "net_cls", v1: [Write("net_cls.classid", String(classID))], v2: nil)
    }
    for (index, priority) in (network.priorities ?? []).enumerated() {
      try set(
        "network.priorities[\(index)]", of: "net_prio",
        v1: [Write("net_prio.ifpriomap", "\(priority.name) \(priority.priority)")], v2: nil)
    }
  }

  private mutating func plan(rdma device: String, _ limit: Resources.Rdma) throws(CgroupError) {
    var value = device
    if let handles = limit.hcaHandles { value += " hca_handle=\(handles)" }
    if let objects = limit.hcaObjects { value += " hca_object=\(objects)" }
    try set("rdma['\(device)']", of: "rdma", v1: [Write("rdma.max", value)], v2: [Write("rdma.max", value)])
  }

  private mutating func plan(unified name: String, _ value: String) throws(CgroupError) {
    let property = "linux.resources.unified['\(name)']"
    guard let dot = name.firstIndex(of: "."), dot != name.startIndex, !name.utf8.contains(UInt8(ascii: "/")),
      !name.utf8.contains(0)
    else { throw .property(property, "not the name of a file of cgroup v2") }
    if !homes.hasUnified { throw .property(property, "this machine has no cgroup v2") }
    let controller = String(name[..<dot])
    if controller != "cgroup", !homes.unified.contains(controller) {
      if homes.unifiedRoot.contains(controller) { throw .notDelegated(property: property, controller: controller) }
      throw .property(property, "invalid configuration: no version 2 cgroup of this machine has the \(controller) controller")
    }
    settings.append(
      ResourceSetting(property: property, controller: controller, version: .v2, writes: [Write(name, value)]))
  }
}
