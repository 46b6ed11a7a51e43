package import JSON
internal import OCIImageSpec

extension Progress {
  /// The steps so far in Chrome's trace event format (Trace Event Format, "X" events), as Perfetto and `layerctl report` read it. Times are
  /// microseconds since the build began; a lane of the timeline is a process that builds stages.
  package var trace: JSONValue {
    let lanes = Set(finished.map(\.lane)).sorted()
    let names: [JSONValue] = lanes.map { lane in
      [
        "name": "thread_name", "ph": "M", "pid": 1, "tid": .integer(lane),
        "args": ["name": .string(lane == 0 ? "build" : "stages built at the same time, \(lane)")],
      ]
    }
    return ["displayTimeUnit": "ms", "traceEvents": .array(names + finished.map(\.event))]
  }
}

extension FinishedStep {
  fileprivate var event: JSONValue {
    var arguments: JSONObject = ["outcome": .string(outcome.rawValue)]
    if let place { arguments["place"] = .string(place) }
    if let layer {
      arguments["layer"] = .string("\(layer.diffID)")
      arguments["size"] = .integer(layer.descriptor.size)
    }
    return [
      "name": .string(name), "cat": "build", "ph": "X", "pid": 1, "tid": .integer(lane), "ts": .integer(start / 1000),
      "dur": .integer((end - start) / 1000), "args": .object(arguments),
    ]
  }
}
