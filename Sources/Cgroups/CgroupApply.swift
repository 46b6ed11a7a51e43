internal import Linux
package import OCIRuntimeSpec
internal import SystemPackage

extension Cgroup {
  /// Makes the limits hold. `resources` is everything that is to hold, not only what changes: version 2 keeps some values
  /// of different properties in one file.
  ///
  /// With `settingDevices` false (an update) the device rules stay; else no rules are runc's: everything denied but the
  /// default devices.
  package func apply(_ resources: Resources, settingDevices: Bool = true) throws(CgroupError) {
    let plan = try ResourcePlan(resources, homes: homes)
    if resources.memory?.checkBeforeUpdate == true { try checkUsage(resources.memory?.limit) }
    if settingDevices { try applyDevices(resources.devices ?? []) }
    try apply(plan.settings)
  }

  var homes: ControllerHomes {
    func words(_ text: String?) -> Set<String> { Set((text ?? "").split(separator: " ").map(String.init)) }
    let root = unified?.mount.map { Directory(version: .v2, controllers: [], path: $0, mount: $0) }
    return ControllerHomes(
      legacy: Set(directories.filter { $0.version == .v1 }.flatMap(\.controllers)),
      unified: words(unified.flatMap { try? $0.read("cgroup.controllers") }),
      unifiedRoot: words(root.flatMap { try? $0.read("cgroup.controllers") }), hasUnified: unified != nil)
  }

  /// Writes the settings. One that the kernel refuses may depend on one that comes later (a limit above that of memory and
  /// swap, a quota above what the period allows): as long as a round gets anywhere, what is left is tried again.
  private func apply(_ settings: [ResourceSetting]) throws(CgroupError) {
    var rest = settings
    while !rest.isEmpty {
      var refused: [(ResourceSetting, CgroupError)] = []
      for setting in rest {
        do throws(CgroupError) { try write(setting) } catch {
          let reason = error.systemError?.errno
          guard reason == .invalidArgument || reason == .resourceBusy else { throw error }
          refused.append((setting, error))
        }
      }
      if refused.count == rest.count, let first = refused.first { throw explained(first.0, first.1) }
      rest = refused.map(\.0)
    }
  }

  private func write(_ setting: ResourceSetting) throws(CgroupError) {
    guard let directory = setting.version == .v1 ? legacy(setting.controller) : unified else {
      throw .noController(property: setting.property, controller: setting.controller)
    }
    for write in setting.writes {
      do throws(SystemError) {
        try directory.write(write.value, to: write.file)
        if setting.isVerified { try verify(setting, write, directory) }
        return
      } catch  where error.errno == .noSuchFileOrDirectory { continue } catch { throw .system(setting.property, error) }
    }
    if setting.isOptional { return }
    if (try? directory.read("cgroup.procs")) == nil { throw .inUse("\(setting.property): cgroup '\(directory.path)' does not exist") }
    throw .property(setting.property, "this kernel has no '\(setting.writes.last?.file ?? "")'")
  }

  /// The kernel clamps shares to 2...262144 without a word.
  private func verify(_ setting: ResourceSetting, _ write: ResourceSetting.Write, _ directory: Directory) throws(SystemError) {
    let taken = try directory.read(write.file)
    if taken == write.value { return }
    let smaller = UInt64(taken) ?? 0 < UInt64(write.value) ?? 0
    throw SystemError(
      "write", "'\(write.value)': the \(smaller ? "maximum" : "minimum") allowed cpu-shares is \(taken)", .outOfRange)
  }

  private func explained(_ setting: ResourceSetting, _ error: CgroupError) -> CgroupError {
    guard error.systemError?.errno == .resourceBusy, setting.property == "linux.resources.memory.limit",
      let directory = legacy("memory")
    else { return error }
    let usage = directory.number("memory.usage_in_bytes") ?? 0
    let peak = directory.number("memory.max_usage_in_bytes") ?? 0
    let value = setting.writes.first?.value ?? ""
    return .property(setting.property, "unable to set memory limit to \(value) (current usage: \(usage), peak usage: \(peak))")
  }

  private func checkUsage(_ limit: Int64?) throws(CgroupError) {
    guard let limit, limit > 0 else { return }
    let usage = legacy("memory")?.number("memory.usage_in_bytes") ?? unified?.number("memory.current") ?? 0
    if usage > UInt64(limit) {
      throw .property("linux.resources.memory.limit", "rejecting memory limit \(limit) because of current usage \(usage)")
    }
  }
}
