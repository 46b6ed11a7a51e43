internal import CommandSupport
internal import JSON
internal import Linux
internal import SystemPackage

/// How much a container has on disk: what it wrote, and with its image.
struct ContainerSize {
  /// Bytes.
  let written: Int64
  let total: Int64

  init(_ container: StoredContainer) throws(BundleError) {
    let upper = container.directory.appending("upper")
    written = try attempting("measure container '\(shortID(container.record.id))'") { () throws(SystemError) in
      try treeSize(openFile(upper, [.readOnly, .directory, .noFollow]))
    }
    var image: Int64 = 0
    for lower in container.record.lowerdirs {
      // layer.json of a layer of the store: how much it unpacked to. A build's own directory has none.
      let path = FilePath(lower)
      let record = (LowerLayer.isIndex(path) ? path : path.removingLastComponent()).appending("layer.json")
      guard let content = try? readFile(record, limit: 1 << 20), let layer = try? JSONValue(parsing: content) else { continue }
      image += Int64(layer["size"]?.integerValue ?? 0)
    }
    total = written + image
  }

  /// docker's SIZE column.
  var described: String { total > 0 ? "\(humanSize(written)) (virtual \(humanSize(total)))" : humanSize(written) }
}
