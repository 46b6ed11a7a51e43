internal import CLinux
internal import Glibc

/// Sets `IFF_UP` on a network interface (netdevice(7)): one ioctl, cheaper than a netlink dialogue.
package func setInterfaceUp(_ name: String) throws(SystemError) {
  let socket = OwnedDescriptor(try valueOrError("socket") { clinux_datagram_socket() })
  try nothingOrError("ioctl", "SIOCSIFFLAGS \(quoted(name))") { unsafe clinux_add_interface_flags(socket.rawValue, name, 1) }
}
