package import JSON
package import Linux

/// Something that has happened to a container, in docker's form (Engine API, "Monitor events").
package struct ContainerEvent: Sendable {
  package let json: JSONValue

  /// - Parameters:
  ///   - action: docker's word: create, start, die, oom, kill, stop, destroy, rename, `health_status: healthy`.
  ///   - record: the container's container.json.
  ///   - details: what belongs to this action, as `exitCode`.
  package init(_ action: String, of record: JSONValue, _ details: [(key: String, value: String)] = [], at time: Timestamp = .now) {
    let id = record["id"] ?? "", image = record["image"] ?? ""
    var attributes = JSONObject()
    for (key, value) in record["labels"]?.objectValue ?? JSONObject() { attributes[key] = value }
    attributes["image"] = image
    attributes["name"] = record["name"]
    for (key, value) in details { attributes[key] = .string(value) }
    attributes.sortKeys()
    json = [
      "status": .string(action), "id": id, "from": image, "Type": "container", "Action": .string(action),
      "Actor": ["ID": id, "Attributes": .object(attributes)], "scope": "local", "time": .integer(time.seconds),
      "timeNano": .integer(time.seconds * 1_000_000_000 + Int64(time.nanoseconds)),
    ]
  }

  /// A line of the journal; nil for one that a crash cut off.
  package init?(line: some Sequence<UInt8>) {
    guard let value = try? JSONValue(parsing: Array(line)), value["timeNano"]?.numberValue != nil else { return nil }
    json = value
  }

  package var time: Timestamp {
    let nanoseconds = json["timeNano"]?.numberValue?.integer(Int64.self) ?? 0
    return Timestamp(seconds: nanoseconds / 1_000_000_000, nanoseconds: UInt32(nanoseconds % 1_000_000_000))
  }

  package var action: String { json["Action"]?.stringValue ?? "" }
  package var id: String { json["id"]?.stringValue ?? "" }
  package var image: String { json["from"]?.stringValue ?? "" }
  package var attributes: JSONObject { json["Actor"]?["Attributes"]?.objectValue ?? JSONObject() }

  /// As `docker events` prints it: time, type, action, id, and the attributes in parentheses.
  package var text: String {
    let details = attributes.map { "\($0.key)=\($0.value.stringValue ?? $0.value.description)" }.joined(separator: ", ")
    return "\(time.rfc3339) container \(action) \(id) (\(details))"
  }
}
