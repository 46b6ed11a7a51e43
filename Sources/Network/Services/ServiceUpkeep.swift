internal import Linux
internal import SystemPackage

extension NetworkStore {
  /// The members of services that have an address of their own: of the file `$TOTE_RUN/ports/addresses`, in the form of published ports
  /// with no number, whose service is the network's name, a slash and the name that leads to the address.
  func members() throws(NetworkError) -> [PublishedPort] { try memberTable.read() }
  var memberTable: PortTable { PortTable(runRoot, file: "addresses") }

  /// All that the kernel balances or leads somewhere.
  func balanced() throws(NetworkError) -> [PublishedPort] { try members() + PortTable(runRoot).read() }

  /// Gives all of an owner's ports that belong to services another weight, and its part in services' addresses. Its place in each service stays; established connections are
  /// not touched. Returns whether there was such a port.
  @discardableResult
  package func setWeight(_ weight: Int, of owner: String) throws(NetworkError) -> Bool {
    let isMember = try setWeight(weight, of: owner, in: memberTable)
    return try setWeight(weight, of: owner, in: PortTable(runRoot)) || isMember
  }

  /// The same in one table alone.
  @discardableResult
  func setWeight(_ weight: Int, of owner: String, in table: PortTable) throws(NetworkError) -> Bool {
    if try table.read().allSatisfy({ $0.owner != owner || $0.member == nil }) { return false }
    let lock = try table.lock()
    defer { _ = lock }
    let existing = try table.read()
    var changed = existing
    for index in changed.indices where changed[index].owner == owner { changed[index].member?.weight = weight }
    if changed == existing { return existing.contains { $0.owner == owner && $0.member != nil } }
    let services = Set(existing.filter { $0.owner == owner }.compactMap { $0.member?.service })
    func concerned(_ ports: [PublishedPort]) -> [PublishedPort] {
      ports.filter { $0.member.map { services.contains($0.service) } ?? false }
    }
    var netfilter = try attempting("netlink") { () throws(SystemError) in try NetlinkSocket(.netfilter) }
    try table.write(changed)
    try apply(PortTransition(from: concerned(existing), to: concerned(changed)), &netfilter)
    // Whoever has deleted elements waits for an RCU grace period when the socket is closed.
    _ = try? orphan(keeping: [netfilter.rawValue]) {}
    return true
  }

  /// Sends no new connection to an owner's ports and waits until those that are there have ended. Returns how many are left when the
  /// time is over.
  package func drain(_ owner: String, seconds: Int) throws(NetworkError) -> Int {
    try setWeight(0, of: owner)
    let ports = try PortTable(runRoot).read().filter { $0.owner == owner && $0.member != nil }
    guard !ports.isEmpty else { return 0 }
    var netfilter = try attempting("netlink") { () throws(SystemError) in try NetlinkSocket(.netfilter) }
    let deadline = monotonicNanoseconds() + UInt64(max(seconds, 0)) * 1_000_000_000
    while true {
      let left = try attempting("list connections") { () throws(SystemError) in
        try netfilter.openConnections(to: Set(ports.map(\.address.bytes)))
      }
      if left == 0 || monotonicNanoseconds() >= deadline { return left }
      sleepNanoseconds(20_000_000)
    }
  }
}
