internal import Linux
internal import SystemPackage

extension ProcessPlan {
  /// Takes the process's ids and capabilities; gives the sets for the very last step. Only a filter that is loaded without
  /// no_new_privs needs CAP_SYS_ADMIN until then (seccomp(2)).
  func enterCredentials(keepingAdministration: Bool, _ warn: Warn) throws(RuntimeError) -> Capabilities {
    let wanted = capabilities ?? CapabilityPlan()
    let granted = try grantable(wanted, warn)
    try attempting("process.capabilities") { () throws(SystemError) in
      try ThreadCapabilities.clearAmbient()
      for number in CapabilitySet.names.indices where !granted.bounding.contains(CapabilitySet(number: number)) {
        // The kernel may not have all that have a name.
        do throws(SystemError) { try ThreadCapabilities.dropFromBounding(number) } catch {
          if error.errno != .invalidArgument { throw error }
        }
      }
      try ThreadCapabilities.keep(true)
    }
    try attempting("process.user") { () throws(SystemError) in
      // Where setgroups(2) is denied in a user namespace there are no groups to drop either, and its own group a process has anyway.
      do throws(SystemError) { try setSupplementaryGroups(additionalGroupIDs) } catch {
        if !(additionalGroupIDs.allSatisfy { $0 == groupID } && error.errno == .notPermitted) { throw error }
      }
      try setGroupID(groupID)
      try setUserID(userID)
      try ThreadCapabilities.keep(false)
    }
    let final = Capabilities(effective: granted.effective, permitted: granted.permitted, inheritable: granted.inheritable)
    var interim = final
    if keepingAdministration {
      interim.effective.formUnion(.systemAdministration)
      interim.permitted.formUnion(.systemAdministration)
    }
    try attempting("process.capabilities") { () throws(SystemError) in try interim.apply() }
    for number in granted.ambient.members {
      try attempting("process.capabilities.ambient") { () throws(SystemError) in try ThreadCapabilities.raiseAmbient(number) }
    }
    return final
  }

  /// What of `wanted` this process can give; the specification makes the rest a warning (config.md#linux-process, capabilities).
  private func grantable(_ wanted: CapabilityPlan, _ warn: Warn) throws(RuntimeError) -> CapabilityPlan {
    let current = try attempting("process.capabilities") { () throws(SystemError) in try Capabilities.current() }
    var bounds = CapabilitySet()
    for number in CapabilitySet.names.indices where ThreadCapabilities.bounds(number) == true {
      bounds.insert(CapabilitySet(number: number))
    }
    var granted = wanted
    granted.bounding.formIntersection(bounds)
    granted.permitted.formIntersection(current.permitted)
    granted.effective.formIntersection(granted.permitted)
    // capset(2) looks at the bounding set as it is by then.
    granted.inheritable.formIntersection(granted.bounding.union(current.inheritable))
    granted.ambient.formIntersection(granted.permitted.intersection(granted.inheritable))
    let sets = [
      ("bounding", wanted.bounding, granted.bounding), ("effective", wanted.effective, granted.effective),
      ("permitted", wanted.permitted, granted.permitted), ("inheritable", wanted.inheritable, granted.inheritable),
    ]
    for (name, asked, given) in sets where asked != given {
      let missing = asked.subtracting(given).members.map { CapabilitySet.names[$0] }
      warn("process.capabilities.\(name): cannot grant \(missing.joined(separator: ", "))")
    }
    for number in wanted.ambient.subtracting(granted.ambient).members {
      warn("can't raise ambient capability \(CapabilitySet.names[number]): it is not both permitted and inheritable")
    }
    return granted
  }
}
