internal import Linux
internal import OCIRuntimeSpec
internal import SystemPackage

extension Cgroup {
  /// Sets the device rules, the default devices behind them.
  func applyDevices(_ list: [Resources.DeviceRule]) throws(CgroupError) {
    var rules: [DeviceRule] = []
    for (index, rule) in list.enumerated() { rules.append(try DeviceRule(rule, index: index)) }
    if let directory = legacy("devices") {
      // Everything is allowed in a new cgroup if it is in the parent: start from nothing, as the rules do.
      let all = [DeviceRule(allow: false, devices: nil)] + rules
      for rule in all { try attempting("linux.resources.devices") { () throws(SystemError) in try directory.apply(rule) } }
      for rule in DeviceRule.defaults {
        do throws(SystemError) { try directory.apply(rule) } catch  where error.errno == .notPermitted {
          // A container within one that may not use the device itself.
          continue
        } catch { throw .system("linux.resources.devices", error) }
      }
    } else if let unified {
      let access = DeviceAccess(rules + DeviceRule.defaults)
      try attempting("linux.resources.devices") { () throws(SystemError) in try unified.setDeviceAccess(access) }
    } else {
      throw .noController(property: "linux.resources.devices", controller: "devices")
    }
  }
}

extension Cgroup.Directory {
  fileprivate func apply(_ rule: DeviceRule) throws(SystemError) {
    try write(rule.text, to: rule.allow ? "devices.allow" : "devices.deny")
  }

  /// Makes `access` the rule of this version 2 cgroup: attaches the new program, then detaches those that were there, so
  /// that at no moment nothing decides. Other cgroups' programs above decide as well.
  fileprivate func setDeviceAccess(_ access: DeviceAccess) throws(SystemError) {
    let directory = try openFile(path, [.readOnly, .directory])
    let before = try BPF.devicePrograms(of: directory)
    let program = try BPF.loadDeviceProgram(access.program.map(\.encoded))
    try BPF.attachDeviceProgram(program, to: directory)
    for id in before { try BPF.detachDeviceProgram(try BPF.program(id: id), from: directory) }
  }
}
