package import OCIImageSpec

/// One thing that a check of the store found.
package enum Finding: Hashable, Sendable {
  case invalidLayout(String)
  case invalidIndex(String)
  /// `index.json` has changed since tote wrote it, without being written.
  case damagedIndex
  case missingBlob(Digest, usedBy: [String])
  case corruptBlob(Digest, String, usedBy: [String])
  /// A document that is whole but does not say what it must.
  case invalidDocument(String, usedBy: [String])
  /// An unpacked layer that may not have survived the machine's last stop, or is not whole.
  case untrustedLayer(Digest, String)
  case leftover(String)
  case unreferenced(Digest)

  /// What merely takes room.
  package var isHarmless: Bool {
    switch self {
    case .leftover, .unreferenced, .untrustedLayer: true
    default: false
    }
  }

  package var message: String {
    switch self {
    case .invalidLayout(let reason), .invalidIndex(let reason): reason
    case .damagedIndex: "images/index.json: its content has changed since it was written"
    case .missingBlob(let digest, let users): "blob '\(digest)' is missing\(Self.list(users))"
    case .corruptBlob(let digest, let reason, let users): "blob '\(digest)' is damaged: \(reason)\(Self.list(users))"
    case .invalidDocument(let reason, let users): "\(reason)\(Self.list(users))"
    case .untrustedLayer(let chainID, let reason): "unpacked layer '\(chainID)': \(reason)"
    case .leftover(let name): "'\(name)' was left by a process that died"
    case .unreferenced(let digest): "blob '\(digest)' is not needed by anything"
    }
  }

  /// What a person can do about it.
  package var remedy: String {
    switch self {
    case .invalidLayout: "restore 'images/oci-layout', or move 'images' away and pull or load the images again"
    case .invalidIndex: "'layerctl fsck --repair' makes a new one from the manifests that are there; names are lost"
    case .damagedIndex: "compare 'layerctl images' with what you expect; 'layerctl fsck --repair' accepts it as it is"
    case .missingBlob(_, let users): Self.again(users)
    case .corruptBlob(_, _, let users): "'layerctl fsck --repair' moves it out of the way; \(Self.again(users))"
    case .invalidDocument(_, let users):
      users.isEmpty ? "remove it with 'layerctl fsck --repair'" : "remove it with 'layerctl rm', or \(Self.again(users))"
    case .untrustedLayer: "it is unpacked again when it is needed; 'layerctl fsck --repair' removes it"
    case .leftover, .unreferenced: "'layerctl gc' removes it"
    }
  }

  private static func list(_ users: [String]) -> String { users.isEmpty ? "" : " (used by \(users.joined(separator: ", ")))" }

  private static func again(_ users: [String]) -> String {
    guard let first = users.first else { return "nothing with a name needs it" }
    return "then pull '\(first)' again, or load or build it"
  }
}
