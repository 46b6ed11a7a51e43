internal import JSON
internal import OCIRuntimeSpec

extension Container {
  /// The state as `state` prints it: runc's members in runc's order (runtime.md#state and more).
  package func stateDocument() throws(RuntimeError) -> String {
    let status = status
    var document: JSONValue = [
      "ociVersion": .string(record.ociVersion), "id": .string(id), "pid": .integer(status == .stopped ? 0 : record.pid),
      "status": .string(status.rawValue), "bundle": .string(record.bundle), "rootfs": .string(record.rootfs), "created": .string(record.created),
    ]
    if !record.annotations.isEmpty {
      var annotations = JSONObject()
      for (key, value) in record.annotations.sorted(by: { $0.key < $1.key }) { annotations[key] = .string(value) }
      document["annotations"] = .object(annotations)
    }
    document["owner"] = .string(record.owner == 0 ? "" : String(record.owner))
    return String(decoding: document.serialized(pretty: true), as: UTF8.self)
  }
}
