internal import Linux

/// Where a new connection to a kept port leads: to the container that has it, or to a member of the service as the table says at that moment.
final class ServiceTargets {
  private let table: PortTable
  private var stamp: PortTable.Stamp?
  private var ports: [PublishedPort] = []
  private var turn = 0

  init(_ table: PortTable) { self.table = table }

  /// - Parameter peer: the address of whoever connects; 4 or 16 bytes.
  func target(_ port: PublishedPort, peer: [UInt8]) -> SocketAddress? {
    guard let member = port.member else { return SocketAddress(port.address.bytes, port: port.containerPort) }
    refresh()
    let ready = ports.filter {
      $0.transport == port.transport && $0.hostPort == port.hostPort && $0.hostAddress == port.hostAddress
        && $0.member?.service == member.service && $0.member?.weight ?? 0 > 0
    }
    if ready.isEmpty { return nil }
    let slot: Int
    switch member.balance {
    case .roundRobin:
      turn = (turn + 1) % BalancedSlots.count
      slot = turn
    case .random: slot = Int.random(in: 0..<BalancedSlots.count)
    case .source: slot = Int(truncatingIfNeeded: hash(peer) % UInt64(BalancedSlots.count))
    }
    let chosen = BalancedSlots.assign(ready, member.balance)[slot]
    return SocketAddress(chosen.address.bytes, port: chosen.containerPort)
  }

  /// FNV-1a.
  private func hash(_ bytes: [UInt8]) -> UInt64 { bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 } }

  private func refresh() {
    let now = table.stamp
    if now == nil || now != stamp { ports = (try? table.read()) ?? [] }
    stamp = now
  }
}
