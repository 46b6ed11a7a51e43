/// How the owners in a layer, which are those that a container sees, are those of files here (user_namespaces(7)).
package struct OwnerMap: Hashable, Sendable {
  /// One line of a uid_map: `count` numbers from `inside` on are those from `outside` on.
  package struct Range: Hashable, Sendable {
    package let inside: UInt32
    package let outside: UInt32
    package let count: UInt32

    /// `INSIDE:OUTSIDE[:COUNT]`; nil where it is not that, or goes beyond the last number.
    package init?(_ text: String) {
      let numbers = text.split(separator: ":", omittingEmptySubsequences: false).map { UInt32($0) }
      guard (2...3).contains(numbers.count), let inside = numbers[0], let outside = numbers[1] else { return nil }
      guard let count = numbers.count == 3 ? numbers[2] : 1, count > 0 else { return nil }
      // The last number of all is none: chown(2) takes it for "leave it".
      if UInt64(max(inside, outside)) + UInt64(count) > UInt64(UInt32.max) { return nil }
      (self.inside, self.outside, self.count) = (inside, outside, count)
    }
  }

  /// Nothing is mapped where there are none.
  package var users: [Range]
  package var groups: [Range]

  package init(users: [Range] = [], groups: [Range] = []) {
    self.users = users
    self.groups = groups
  }

  /// An entry of a layer with the owner that its file gets here.
  func outside(_ entry: TarEntry) throws(LayerError) -> TarEntry {
    try mapped(entry) { ($0.inside, $0.outside, $0.count) }
  }

  /// A file here with the owner that it gets in a layer.
  func inside(_ entry: TarEntry) throws(LayerError) -> TarEntry {
    try mapped(entry) { ($0.outside, $0.inside, $0.count) }
  }

  private func mapped(
    _ entry: TarEntry, _ direction: (Range) -> (from: UInt32, to: UInt32, count: UInt32)
  ) throws(LayerError) -> TarEntry {
    if users.isEmpty, groups.isEmpty { return entry }
    func find(_ id: UInt32, _ ranges: [Range], _ kind: String) throws(LayerError) -> UInt32 {
      if ranges.isEmpty { return id }
      for range in ranges {
        let (from, to, count) = direction(range)
        if id >= from, id - from < count { return to + (id - from) }
      }
      throw LayerError(entry.path, .refused("its \(kind) \(id) is in no \(kind == "owner" ? "--uid-map" : "--gid-map")"))
    }
    var entry = entry
    entry.userID = try find(entry.userID, users, "owner")
    entry.groupID = try find(entry.groupID, groups, "group")
    return entry
  }
}
