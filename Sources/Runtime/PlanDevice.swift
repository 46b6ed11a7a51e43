internal import Linux
internal import OCIRuntimeSpec
internal import SystemPackage

extension DeviceStep {
  /// Those that every container has (config-linux.md#default-devices) and then those of the configuration, which replace them.
  static func all(_ devices: [Device]) throws(RuntimeError) -> [DeviceStep] {
    var steps: [DeviceStep] = []
    for (index, device) in devices.enumerated() { steps.append(try DeviceStep(device, "linux.devices[\(index)]")) }
    for (name, minor) in [("null", 3), ("zero", 5), ("full", 7), ("random", 8), ("urandom", 9)] as [(String, UInt32)] {
      steps.addDefault(FilePath("/dev/\(name)"), major: 1, minor: minor)
    }
    steps.addDefault("/dev/tty", major: 5, minor: 0)
    return steps
  }

  private init(_ device: Device, _ property: String) throws(RuntimeError) {
    if !device.path.hasPrefix("/") { throw .property("\(property).path", "'\(device.path)' is not an absolute path") }
    let kind: FileKind =
      switch device.type {
      case .block: .blockDevice
      case .character, .unbuffered: .characterDevice
      case .fifo: .fifo
      }
    func number(_ value: Int64?, _ name: String) throws(RuntimeError) -> UInt32 {
      guard let value else {
        if kind == .fifo { return 0 }
        throw .property("\(property).\(name)", "is missing")
      }
      guard let number = UInt32(exactly: value) else { throw .property("\(property).\(name)", "\(value) is not a device number") }
      return number
    }
    self.init(
      property: property, path: FilePath(device.path), kind: kind, major: try number(device.major, "major"),
      minor: try number(device.minor, "minor"), permissions: (device.fileMode ?? 0o666) & 0o7777, userID: device.uid ?? 0,
      groupID: device.gid ?? 0)
  }
}

extension [DeviceStep] {
  fileprivate mutating func addDefault(_ path: FilePath, major: UInt32, minor: UInt32) {
    if contains(where: { $0.path.lexicallyNormalized() == path }) { return }
    append(
      DeviceStep(
        property: "default device", path: path, kind: .characterDevice, major: major, minor: minor, permissions: 0o666, userID: 0,
        groupID: 0))
  }
}
