internal import CLinux
internal import Glibc
internal import SystemPackage

/// One or more capabilities, bit n for capability number n (capabilities(7)).
package struct CapabilitySet: OptionSet, Hashable, Sendable {
  package let rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }
  package init(number: Int) { rawValue = 1 << UInt64(number) }
}

/// The three sets that capset(2) changes.
package struct Capabilities: Equatable, Sendable {
  package var effective: CapabilitySet
  package var permitted: CapabilitySet
  package var inheritable: CapabilitySet

  package init(effective: CapabilitySet, permitted: CapabilitySet, inheritable: CapabilitySet) {
    self.effective = effective
    self.permitted = permitted
    self.inheritable = inheritable
  }

  /// capget(2) of the caller.
  package static func current() throws(SystemError) -> Capabilities {
    var sets: (UInt64, UInt64, UInt64) = (0, 0, 0)
    try nothingOrError("capget") { unsafe clinux_capget(&sets.0, &sets.1, &sets.2) }
    return Capabilities(
      effective: .init(rawValue: sets.0), permitted: .init(rawValue: sets.1), inheritable: .init(rawValue: sets.2))
  }

  /// capset(2) of the caller.
  package func apply() throws(SystemError) {
    try nothingOrError("capset") { clinux_capset(effective.rawValue, permitted.rawValue, inheritable.rawValue) }
  }
}

/// The bounding set, which only shrinks, and the ambient set (`PR_CAPBSET_*`, `PR_CAP_AMBIENT`, prctl(2)).
package enum ThreadCapabilities {
  /// Whether capability `number` is in the bounding set; nil where the kernel does not know it.
  package static func bounds(_ number: Int) -> Bool? {
    let value = clinux_prctl(PR_CAPBSET_READ, UInt(number), 0, 0, 0)
    return value < 0 ? nil : value == 1
  }

  package static func dropFromBounding(_ number: Int) throws(SystemError) {
    try nothingOrError("prctl", "PR_CAPBSET_DROP \(number)") { clinux_prctl(PR_CAPBSET_DROP, UInt(number), 0, 0, 0) }
  }

  package static func clearAmbient() throws(SystemError) {
    try nothingOrError("prctl", "PR_CAP_AMBIENT_CLEAR_ALL") { clinux_prctl(PR_CAP_AMBIENT, UInt(PR_CAP_AMBIENT_CLEAR_ALL), 0, 0, 0) }
  }

  package static func raiseAmbient(_ number: Int) throws(SystemError) {
    try nothingOrError("prctl", "PR_CAP_AMBIENT_RAISE \(number)") {
      clinux_prctl(PR_CAP_AMBIENT, UInt(PR_CAP_AMBIENT_RAISE), UInt(number), 0, 0)
    }
  }

  /// Whether permitted capabilities survive a change of user id away from 0 (`PR_SET_KEEPCAPS`).
  package static func keep(_ keeping: Bool) throws(SystemError) {
    try nothingOrError("prctl", "PR_SET_KEEPCAPS") { clinux_prctl(PR_SET_KEEPCAPS, keeping ? 1 : 0, 0, 0, 0) }
  }
}

/// setresuid(2) with all three ids the same.
package func setUserID(_ id: UInt32) throws(SystemError) {
  try nothingOrError("setuid", "uid \(id)") { clinux_setresuid(id) }
}

/// setresgid(2) with all three ids the same.
package func setGroupID(_ id: UInt32) throws(SystemError) {
  try nothingOrError("setgid", "gid \(id)") { clinux_setresgid(id) }
}

/// setgroups(2).
package func setSupplementaryGroups(_ ids: [UInt32]) throws(SystemError) {
  try nothingOrError("setgroups", ids.isEmpty ? "no groups" : "groups \(ids)") { unsafe clinux_setgroups(ids.count, ids) }
}
