internal import Linux

/// The two sockets that setting a network up and taking it down needs, to the namespace that the tool itself is in.
struct NetworkSockets: ~Copyable {
  var route: NetlinkSocket
  var netfilter: NetlinkSocket

  init() throws(NetworkError) {
    let route = try attempting("netlink") { () throws(SystemError) in try NetlinkSocket(.route) }
    let netfilter = try attempting("netlink") { () throws(SystemError) in try NetlinkSocket(.netfilter) }
    self.route = route
    self.netfilter = netfilter
  }
}
