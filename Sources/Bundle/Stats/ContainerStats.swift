internal import CommandSupport
package import JSON
internal import Linux

/// docker's table of what containers use: `docker stats`.
package struct ContainerStats {
  package static let table =
    "{{.ID}}\\t{{.Name}}\\t{{.CPUPerc}}\\t{{.MemUsage}}\\t{{.MemPerc}}\\t{{.NetIO}}\\t{{.BlockIO}}\\t{{.PIDs}}"
  package static let titles = [
    ("ID", "CONTAINER ID"), ("Container", "CONTAINER"), ("Name", "NAME"), ("CPUPerc", "CPU %"), ("MemUsage", "MEM USAGE / LIMIT"),
    ("MemPerc", "MEM %"), ("NetIO", "NET I/O"), ("BlockIO", "BLOCK I/O"), ("PIDs", "PIDS"),
  ]

  private let places: Places
  private let containers: [StoredContainer]
  private let showsStopped: Bool
  private var last: [String: StatsSample] = [:]

  /// - Parameters:
  ///   - names: of containers; where there is none, all that run.
  ///   - all: those that do not run as well.
  package init(_ names: [String], all: Bool, _ places: Places) throws(BundleError) {
    let store = ContainerStore(places)
    self.places = places
    showsStopped = all || !names.isEmpty
    if names.isEmpty {
      containers = try store.all()
    } else {
      var chosen: [StoredContainer] = []
      for name in names { chosen.append(try store.resolve(name)) }
      containers = chosen
    }
    _ = try rows(full: false)
  }

  /// One row for each container; the share of processor time is that since the rows before.
  package mutating func rows(full: Bool) throws(BundleError) -> [JSONValue] {
    var rows: [JSONValue] = []
    for container in containers {
      let record = container.record
      // One that is removed meanwhile has nothing to show.
      guard let state = try? ContainerState(container, places) else { continue }
      let sample = try StatsSample(container, state, places)
      if sample == nil, !showsStopped { continue }
      let id = full ? record.id : shortID(record.id)
      var row: JSONValue = ["ID": .string(id), "Container": .string(id), "Name": .string(record.name)]
      for (key, value) in describe(sample, before: last[record.id]) { row[key] = .string(value) }
      rows.append(row)
      last[record.id] = sample
    }
    return rows
  }

  private func describe(_ sample: StatsSample?, before: StatsSample?) -> [(String, String)] {
    guard let sample else {
      return [
        ("CPUPerc", "0.00%"), ("MemUsage", "0B / 0B"), ("MemPerc", "0.00%"), ("NetIO", "0B / 0B"), ("BlockIO", "0B / 0B"), ("PIDs", "0"),
      ]
    }
    var share = 0.0
    if let before, sample.moment > before.moment, sample.processor >= before.processor {
      share = Double(sample.processor - before.processor) / Double(sample.moment - before.moment) * 100
    }
    let memory = sample.memoryLimit > 0 ? Double(sample.memory) / Double(sample.memoryLimit) * 100 : 0
    return [
      ("CPUPerc", fixedPoint(share, decimals: 2) + "%"),
      ("MemUsage", "\(binarySize(sample.memory)) / \(binarySize(sample.memoryLimit))"), ("MemPerc", fixedPoint(memory, decimals: 2) + "%"),
      ("NetIO", "\(humanSize(sample.received)) / \(humanSize(sample.sent))"),
      ("BlockIO", "\(humanSize(sample.blockRead)) / \(humanSize(sample.blockWritten))"), ("PIDs", "\(sample.processes)"),
    ]
  }
}
