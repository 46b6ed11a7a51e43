package import JSON
internal import Linux
internal import OCIRuntimeSpec
internal import SystemPackage

extension Container {
  /// The state as `state` prints it: runc's members in runc's order (runtime.md#state and more).
  package func stateDocument() throws(RuntimeError) -> String {
    String(decoding: document(owner: record.owner == 0 ? "" : String(record.owner)).serialized(pretty: true), as: UTF8.self)
  }

  /// One element of what `list` prints as JSON.
  package var listDocument: JSONValue { document(owner: ownerName) }

  /// The user who made the container, by name where /etc/passwd has one.
  package var ownerName: String {
    let passwd = (try? readFile("/etc/passwd", limit: 4 << 20)) ?? []
    return passwdEntry(of: record.owner, in: passwd)?.name ?? "#\(record.owner)"
  }

  private func document(owner: String) -> JSONValue {
    let status = status
    var document: JSONValue = [
      "ociVersion": .string(record.ociVersion), "id": .string(id), "pid": .integer(status == .stopped ? 0 : record.pid),
      "status": .string(status.rawValue), "bundle": .string(record.bundle), "rootfs": .string(record.rootfs),
      "created": .string(record.created),
    ]
    if !record.annotations.isEmpty {
      var annotations = JSONObject()
      for (key, value) in record.annotations.sorted(by: { $0.key < $1.key }) { annotations[key] = .string(value) }
      document["annotations"] = .object(annotations)
    }
    document["owner"] = .string(owner)
    return document
  }
}
