internal import JSON
internal import Linux
internal import SystemPackage

/// The monitor's `health.json` under `$TOTE_RUN/monitor/<id>`: how the container's health check went.
enum HealthRecord {
  static func read(_ id: String, _ places: Places) -> JSONValue? {
    let path = places.run.appending("monitor").appending(id).appending("health.json")
    // Another tool's file, which comes and goes with the container.
    guard let content = try? readFile(path, limit: 1 << 20) else { return nil }
    return try? JSONValue(parsing: content)
  }

  /// The status; a container with a check that nobody has made yet is starting.
  static func status(_ container: StoredContainer, _ places: Places) -> String? {
    guard let check = container.record.healthcheck, check.test.first != "NONE" else { return nil }
    let record = read(container.record.id, places)
    return record?["status"]?.stringValue ?? record?["Status"]?.stringValue ?? "starting"
  }
}
