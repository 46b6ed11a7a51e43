internal import Linux

/// What has to change in the table's maps when one list of published ports takes the place of another.
struct PortTransition {
  let removals: [(map: NetfilterSet, elements: [NetfilterElement])]
  let additions: [(map: NetfilterSet, elements: [NetfilterElement])]

  /// Adding `chosen` to `existing`: only ports of the same services matter besides.
  init(adding chosen: [PublishedPort], to existing: [PublishedPort]) {
    let services = Set(chosen.compactMap { $0.member?.service })
    let others = services.isEmpty ? [] : existing.filter { $0.member.map { services.contains($0.service) } ?? false }
    self.init(from: others, to: others + chosen)
  }

  /// Taking away those of `existing` that are in `gone`.
  init(removing gone: [PublishedPort], from existing: [PublishedPort]) {
    let leaving = Set(gone)
    let services = Set(gone.compactMap { $0.member?.service })
    // In the order of the table: the slots depend on it.
    let before = existing.filter { leaving.contains($0) || $0.member.map { services.contains($0.service) } ?? false }
    self.init(from: before, to: before.filter { !leaving.contains($0) })
  }

  init(from before: [PublishedPort], to after: [PublishedPort]) {
    let old = PublishedPort.elements(before)
    let new = PublishedPort.elements(after)
    removals = Self.difference(old, new)
    additions = Self.difference(new, old)
  }

  /// In one transaction: who looks sees the one or the other.
  var requests: [NetlinkRequest] {
    removals.flatMap { Ruleset.table.removeElements($0.elements, from: $0.map) }
      + additions.flatMap { Ruleset.table.addElements($0.elements, to: $0.map, exclusive: true) }
  }

  private static func difference(
    _ all: [(map: NetfilterSet, elements: [NetfilterElement])], _ known: [(map: NetfilterSet, elements: [NetfilterElement])]
  ) -> [(map: NetfilterSet, elements: [NetfilterElement])] {
    if known.isEmpty { return all }
    return all.compactMap { map, elements in
      let others = Set(known.first { $0.map.name == map.name }?.elements ?? [])
      let own = elements.filter { !others.contains($0) }
      return own.isEmpty ? nil : (map, own)
    }
  }
}
