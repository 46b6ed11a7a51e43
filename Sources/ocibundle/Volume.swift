internal import Bundle
internal import CommandSupport
internal import JSON
internal import Linux

private func names(_ options: ParsedOptions) -> [String] { Array(options.operands.dropFirst()) }

let volume = Verb(
  "volume", "create|ls|inspect|rm|prune [OPTIONS] [VOLUME...]", "Look after volumes, as docker volume does",
  options: [
    .list("label", placeholder: "NAME[=VALUE]", help: "create: a word about it, for filters"),
    .value("driver", "d", placeholder: "DRIVER", help: "create: local is the only one"),
    .list("opt", "o", placeholder: "NAME=VALUE", help: "create: an option of the driver; there is none"),
    .list("filter", placeholder: "NAME=VALUE", help: "ls, prune: only those for which it holds: name, label, dangling, driver"),
    .value("format", "f", placeholder: "FORMAT", help: "ls, inspect: table, json or a Go template"),
    .flag("quiet", "q", help: "ls: only names"),
    .flag("force", help: "rm: one that is not there is no failure; prune: there is no question to answer"),
    .flag("all", "a", help: "prune: named volumes as well"),
  ], operandCount: 1...Int.max
) { options in
  let store = VolumeStore(try places(options))
  switch options.operands[0] {
  case "create": return try createVolume(store, options)
  case "ls", "list": return try listVolumes(store, options)
  case "inspect": return try inspectVolumes(store, options)
  case "rm", "remove":
    if names(options).isEmpty { throw UsageError("'ocibundle volume rm' needs a VOLUME") }
    return forEach(names(options)) { name throws(BundleError) in
      if try !store.removeUnused(name), !options.flag("force") { throw .refused("get \(name): no such volume") }
      printLine(name)
    }
  case "prune": return try pruneVolumes(store, options)
  case let other: throw UsageError("'\(other)' is none of create, ls, inspect, rm, prune")
  }
}

private func createVolume(_ store: VolumeStore, _ options: ParsedOptions) throws -> Int32 {
  if names(options).count > 1 { throw UsageError("'ocibundle volume create' takes at most one VOLUME") }
  if let driver = options.value("driver"), driver != "local" {
    throw BundleError.refused("volume driver '\(driver)' is not known: 'local' is")
  }
  if let option = options.values("opt").first {
    throw BundleError.refused("volume option '\(option)' is not known: local volumes have none")
  }
  var labels: [String: String] = [:]
  for text in options.values("label") {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    labels[parts[0]] = parts.count > 1 ? parts[1] : ""
  }
  printLine(try store.create(names(options).first, labels: labels))
  return ExitCode.success
}

private func listVolumes(_ store: VolumeStore, _ options: ParsedOptions) throws -> Int32 {
  let volumes = try store.all(matching: options.values("filter"))
  if options.flag("quiet") {
    for volume in volumes { printLine(volume.name) }
    return ExitCode.success
  }
  let format = try OutputFormat(options.value("format"), table: "{{.Driver}}\t{{.Name}}")
  let titles = [("Driver", "DRIVER"), ("Name", "VOLUME NAME"), ("Labels", "LABELS"), ("Mountpoint", "MOUNTPOINT"), ("Scope", "SCOPE")]
  try StandardStream.output.write(try format.render(volumes.map(store.row), titles: titles))
  return ExitCode.success
}

private func inspectVolumes(_ store: VolumeStore, _ options: ParsedOptions) throws -> Int32 {
  var found: [JSONValue] = []
  let status = forEach(names(options)) { name throws(BundleError) in
    guard let record = try store.record(name) else { throw .refused("get \(name): no such volume") }
    found.append(store.inspection(record))
  }
  if let template = options.value("format") {
    try StandardStream.output.write(try OutputFormat(template, table: "").render(found, titles: []))
  } else {
    printLine(String(decoding: JSONValue.array(found).serialized(pretty: true), as: UTF8.self))
  }
  return status
}

private func pruneVolumes(_ store: VolumeStore, _ options: ParsedOptions) throws -> Int32 {
  var removed: [String] = []
  var bytes: Int64 = 0
  for volume in try store.all(matching: options.values("filter")) where volume.anonymous || options.flag("all") {
    let size = store.size(volume.name)
    do throws(BundleError) {
      if try store.removeUnused(volume.name) {
        removed.append(volume.name)
        bytes += size
      }
    } catch { continue }  // in use
  }
  if !removed.isEmpty { printLine("Deleted Volumes:\n\(removed.joined(separator: "\n"))\n") }
  printLine("Total reclaimed space: \(humanSize(bytes))")
  return ExitCode.success
}
