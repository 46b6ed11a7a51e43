internal import CommandSupport
internal import Events
internal import JSON
internal import Linux
internal import Monitor
internal import SystemPackage

let eventsVerb = Verb(
  "events", "[OPTIONS]", "Print what happens to containers",
  options: [
    .value(
      "since", placeholder: "TIME", help: "what has happened from this time on: RFC 3339, seconds since 1970, or how long ago like 10m"),
    .value("until", placeholder: "TIME", help: "up to this time, and end then"),
    .list("filter", "f", placeholder: "NAME=VALUE", help: "container, event, image, label, type: values of one name are alternatives"),
    .value("format", placeholder: "FORMAT", help: "json, or a Go template"),
  ], operandCount: 0...0
) { parsed in
  let since = try parsed.value("since").map(moment), until = try parsed.value("until").map(moment)
  let filters = try EventFilters(parsed.values("filter"))
  let format = parsed.value("format")
  let template = try format.flatMap { $0 == "json" ? nil : try GoTemplate($0) }
  let begun = Timestamp.now
  try EventJournal(runRoot: Roots.volatile(parsed.value("run-root"))).read(
    follows: { until.map { Timestamp.now < $0 } ?? true },
    { event in
      if let until, event.time > until { return false }
      // Without --since only what happens from now on, without --since and with --until what has happened so far as well.
      guard event.time >= since ?? (until == nil ? begun : Timestamp(seconds: 0)), filters.match(event) else { return true }
      // At once, whatever standard output is.
      try StandardStream.output.write(try (template?.render(event.json) ?? (format == "json" ? event.json.description : event.text)) + "\n")
      return true
    })
  return 0
}

/// `docker events --filter`: values of one name are alternatives, of `label` all must hold; different names must all hold.
private struct EventFilters {
  private var values: [String: [String]] = [:]

  init(_ texts: [String]) throws {
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else { throw MonitorError.failed("bad format of filter (expected name=value)") }
      guard ["container", "event", "image", "label", "type"].contains(parts[0]) else {
        throw MonitorError.failed("invalid filter '\(parts[0])'")
      }
      values[parts[0], default: []].append(parts[1])
    }
  }

  func match(_ event: ContainerEvent) -> Bool {
    func any(_ name: String, _ test: (String) -> Bool) -> Bool { values[name].map { $0.contains(where: test) } ?? true }
    let attributes = event.attributes
    return any("container") { $0 == attributes["name"]?.stringValue || (!$0.isEmpty && event.id.hasPrefix($0)) }
      && any("event") { $0 == event.action || event.action.hasPrefix($0 + ":") }
      && any("image") {
        $0 == event.image || event.image.hasSuffix("/" + $0) || event.image.split(separator: ":").first.map(String.init) == $0
      }
      && any("type") { $0 == "container" }
      && (values["label"] ?? []).allSatisfy { wanted in
        let parts = wanted.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return parts.count > 1 ? attributes[parts[0]]?.stringValue == parts[1] : attributes[parts[0]] != nil
      }
  }
}
