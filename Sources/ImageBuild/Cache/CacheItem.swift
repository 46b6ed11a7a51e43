package import Linux
internal import OCIImageSpec
internal import SystemPackage

/// Something that the build cache keeps and that can be removed by itself.
package struct CacheItem: Sendable {
  /// By the names that docker's `type` filter has.
  package enum Kind: String, Sendable, CaseIterable {
    /// What a step made.
    case regular
    /// A directory of `RUN --mount=type=cache`.
    case cacheMount = "exec.cachemount"
    /// A file that ADD has fetched.
    case file = "source.http"
  }

  package let id: String
  package let kind: Kind
  /// Bytes. A layer that several steps have made counts for the first of them.
  package let size: Int64
  package let lastUsed: Timestamp
  /// An image of the store has the layer, too: to remove the item frees nothing.
  package let isShared: Bool
  /// What a person knows it by: the instruction, the address.
  package let description: String
  let path: FilePath
  let layer: Descriptor?

  /// Bytes that its removal frees.
  package var reclaimable: Int64 { isShared ? 0 : size }
}
