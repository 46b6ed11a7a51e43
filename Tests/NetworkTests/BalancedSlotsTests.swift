import Testing

@testable import Network

@Suite struct BalancedSlotsTests {
  func members(_ weights: Int...) -> [PublishedPort] {
    weights.enumerated().map { index, weight in
      PublishedPort(
        .tcp, host: .any, 80, to: IPv4Address(rawValue: 0x0A00_0002 + UInt32(index)), 8080, owner: "c\(index)",
        member: ServiceMember("web", weight: weight))
    }
  }

  func shares(_ slots: [PublishedPort]) -> [String: Int] { Dictionary(grouping: slots, by: \.owner).mapValues(\.count) }

  @Test func equalWeightsTakeTurns() {
    let slots = BalancedSlots.assign(members(1, 1, 1, 1), .roundRobin)
    #expect(slots.count == BalancedSlots.count)
    #expect(slots.prefix(8).map(\.owner) == ["c0", "c1", "c2", "c3", "c0", "c1", "c2", "c3"])
  }

  @Test func sharesFollowWeights() {
    #expect(shares(BalancedSlots.assign(members(3, 1), .roundRobin)) == ["c0": 192, "c1": 64])
    let sticky = shares(BalancedSlots.assign(members(3, 1), .source))
    #expect((sticky["c0"] ?? 0) > 2 * (sticky["c1"] ?? 0))
  }

  @Test func aMemberThatComesMovesOnlyWhatItGets() {
    let before = BalancedSlots.assign(members(1, 1, 1), .source)
    let after = BalancedSlots.assign(members(1, 1, 1, 1), .source)
    for (old, new) in zip(before, after) where old != new { #expect(new.owner == "c3") }
    #expect(shares(after).values.allSatisfy { (30...100).contains($0) })
  }

  @Test func nobodyReadyIsNoSlot() {
    #expect(PublishedPort.elements(members(0, 0)).isEmpty)
    #expect(PublishedPort.elements(members(0, 1)).first?.elements.count == BalancedSlots.count)
  }

  @Test func aTransitionChangesOnlyWhatDiffers() {
    let all = members(1, 1)
    let joined = PortTransition(adding: [all[1]], to: [all[0]])
    // Every other slot goes to the new member.
    #expect(joined.removals.first?.elements.count == 128)
    #expect(joined.additions.first?.elements.count == 128)
    let left = PortTransition(removing: [all[0]], from: all)
    #expect(left.removals.first?.elements.count == 128)
    #expect(PortTransition(removing: all, from: all).additions.isEmpty)
  }
}
