internal import JSON
internal import Linux
package import OCIImageSpec
internal import SystemPackage

/// What a container's record says about the image it was made from.
package struct ContainerUse: Hashable, Sendable {
  package let id: String
  package let imageID: Digest?
  /// The unpacked layers that its root file system is mounted from.
  package let chainIDs: Set<Digest>
}

extension ImageStore {
  /// Every container's use of the store. A directory without a readable `container.json` is a create that did not finish or a
  /// remove that did: whoever creates one holds a ``ContentHold`` until the record is there.
  package func containerUses() throws(ImageStoreError) -> [ContainerUse] {
    let names: [DirectoryEntry]
    do { names = try openFile(containers, [.readOnly, .directory]).entries() } catch {
      if error.errno == .noSuchFileOrDirectory { return [] }
      throw .system(error, "cannot list the containers")
    }
    var uses: [ContainerUse] = []
    for name in names {
      let path = containers.appending(name.name).appending("container.json")
      guard let bytes = try? readFile(path, limit: 8 << 20), let record = try? JSONValue(parsing: bytes) else { continue }
      let chainIDs = (record["lowerdirs"]?.arrayValue ?? []).compactMap { chainID(ofLowerDirectory: $0.stringValue) }
      uses.append(
        ContainerUse(
          id: record["id"]?.stringValue ?? name.name.string,
          imageID: record["imageID"]?.stringValue.flatMap { Digest($0) }, chainIDs: Set(chainIDs)))
    }
    return uses
  }

  /// `…/layers/<hex>/fs` or `…/layers/<hex>.erofs`
  private func chainID(ofLowerDirectory path: String?) -> Digest? {
    guard let path else { return nil }
    let lower = FilePath(path)
    let name = LowerLayer.isIndex(lower) ? lower.stem : lower.removingLastComponent().lastComponent?.string
    return name.flatMap { Digest("sha256:\($0)") }
  }
}
