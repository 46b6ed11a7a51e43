internal import Linux
internal import OCIRuntimeSpec
internal import SystemPackage

/// An interface of the runtime's network namespace that becomes the container's (config-linux.md#network-devices).
package struct NetworkDeviceStep: Equatable {
  package var property: String
  package var name: String
  /// What it is called in the container.
  package var newName: String
}

extension [NetworkDeviceStep] {
  init(_ devices: [String: NetDevice], _ namespaces: NamespacePlan) throws(RuntimeError) {
    self.init()
    if !devices.isEmpty, !namespaces.all.contains(.network) {
      throw .property("linux.netDevices", "unable to move network devices without a private NET namespace")
    }
    for (name, device) in devices.sorted(by: { $0.key < $1.key }) {
      let property = "linux.netDevices['\(name)']"
      let newName = device.name.flatMap { $0.isEmpty ? nil : $0 } ?? name
      for text in [name, newName] where !text.isInterfaceName { throw .property(property, "invalid network device name '\(text)'") }
      if contains(where: { $0.newName == newName }) { throw .property(property, "'\(newName)' is there twice") }
      append(NetworkDeviceStep(property: property, name: name, newName: newName))
    }
  }
}

extension String {
  /// What the kernel takes (dev_valid_name()), and no `%`, which it would make a number of.
  fileprivate var isInterfaceName: Bool {
    (1...15).contains(utf8.count) && self != "." && self != ".."
      && utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "%") }
  }
}

/// Moves the interfaces into the network namespace of `process`, with their lasting addresses, which the kernel drops on the way.
func moveNetworkDevices(_ steps: [NetworkDeviceStep], to process: Int32) throws(RuntimeError) {
  if steps.isEmpty { return }
  let (here, there, namespace) = try attempting("linux.netDevices") { () throws(SystemError) in
    let own = try openFile("/proc/self/ns/net", .readOnly)
    let namespace = try openFile(FilePath("/proc/\(process)/ns/net"), .readOnly)
    let here = try NetlinkSocket(.route)
    // A socket belongs to the namespace that it was made in.
    try namespace.enterNamespaces(.network, object: "network namespace of process \(process)")
    let made = Result { () throws(SystemError) in SharedSocket(try NetlinkSocket(.route)) }
    try own.enterNamespaces(.network, object: "the runtime's network namespace")
    return (SharedSocket(here), try made.get(), SharedDescriptor(namespace))
  }
  for step in steps {
    try attempting("\(step.property)") { () throws(SystemError) in
      guard let link = try here.socket.link(named: step.name) else { throw SystemError("get link", quoted(step.name), Errno(rawValue: 19)) }
      try here.socket.perform([.setLinkDown(link.index)])
      let addresses = try here.socket.addresses(interface: link.index, lasting: true)
      do throws(SystemError) { try here.socket.perform([.moveLink(link.index, to: namespace.descriptor.rawValue, as: step.newName)]) } catch
      {
        if link.isUp { try? here.socket.perform([.setLinkUp(link.index)]) }
        throw error
      }
      guard let moved = try there.socket.link(named: step.newName) else {
        throw SystemError("get link", quoted(step.newName), Errno(rawValue: 19))
      }
      try there.socket.perform(
        addresses.map { .addAddress($0.address, prefixLength: $0.prefixLength, interface: moved.index) } + [.setLinkUp(moved.index)])
    }
  }
}

private final class SharedSocket {
  var socket: NetlinkSocket
  init(_ socket: consuming NetlinkSocket) { self.socket = socket }
}
