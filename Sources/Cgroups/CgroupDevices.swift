internal import Linux

extension Cgroup.Directory {
  /// Makes `access` the rule of this version 2 cgroup: attaches the new program, then detaches those that were there, so
  /// that at no moment nothing decides. Other cgroups' programs above decide as well.
  func setDeviceAccess(_ access: DeviceAccess) throws(SystemError) {
    let directory = try openFile(path, [.readOnly, .directory])
    let before = try BPF.devicePrograms(of: directory)
    let program = try BPF.loadDeviceProgram(access.program.map(\.encoded))
    try BPF.attachDeviceProgram(program, to: directory)
    for id in before { try BPF.detachDeviceProgram(try BPF.program(id: id), from: directory) }
  }
}
