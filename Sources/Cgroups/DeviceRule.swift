internal import OCIRuntimeSpec

/// One entry of the device list, checked (config-linux.md#allowed-device-list).
struct DeviceRule: Hashable, Sendable {
  let allow: Bool
  /// nil for every device: `a`.
  let devices: DeviceAccess.Devices?
  let operations: DeviceAccess.Operations

  init(allow: Bool, devices: DeviceAccess.Devices?, operations: DeviceAccess.Operations = .all) {
    self.allow = allow
    self.devices = devices
    self.operations = operations
  }

  init(_ rule: Resources.DeviceRule, index: Int) throws(CgroupError) {
    let property = "linux.resources.devices[\(index)]"
    allow = rule.allow
    guard let operations = DeviceAccess.Operations(rule.access ?? "rwm") else {
      throw .property(property + ".access", "'\(rule.access ?? "")' is not made of r, w and m")
    }
    self.operations = operations.isEmpty ? .all : operations
    let kind: DeviceAccess.Kind
    switch rule.type ?? .all {
    case .all:
      devices = nil
      return
    case .block: kind = .block
    case .character: kind = .character
    }
    devices = .init(
      kind: kind, major: try Self.number(rule.major, property + ".major"), minor: try Self.number(rule.minor, property + ".minor"))
  }

  /// -1 and nothing are every number.
  private static func number(_ value: Int64?, _ property: String) throws(CgroupError) -> UInt32? {
    guard let value, value != -1 else { return nil }
    guard let number = UInt32(exactly: value) else { throw .property(property, "\(value) is not a device number") }
    return number
  }

  /// The devices that every container has, and making nodes of any (config-linux.md#default-devices; runc's list).
  static let defaults: [DeviceRule] =
    [
      DeviceRule(allow: true, devices: .init(kind: .character, major: nil, minor: nil), operations: .mknod),
      DeviceRule(allow: true, devices: .init(kind: .block, major: nil, minor: nil), operations: .mknod),
    ]
    + [(1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 2), (136, nil)].map { (major: UInt32, minor: UInt32?) in
      DeviceRule(allow: true, devices: .init(kind: .character, major: major, minor: minor))
    }

  /// As the version 1 files devices.allow and devices.deny take it.
  var text: String {
    guard let devices else { return "a" }
    let major = devices.major.map { String($0) } ?? "*"
    let minor = devices.minor.map { String($0) } ?? "*"
    return "\(devices.kind == .block ? "b" : "c") \(major):\(minor) \(operations.description)"
  }
}

extension DeviceAccess {
  /// What the rules come to, starting from nothing allowed.
  init(_ rules: [DeviceRule]) {
    self.init(allowsByDefault: false)
    for rule in rules {
      if let devices = rule.devices { add(devices, rule.operations, allowed: rule.allow) } else { setAll(allowed: rule.allow) }
    }
  }
}
