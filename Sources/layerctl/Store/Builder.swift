import ArgumentParser
import CommandSupport
import Dockerfile
import ImageBuild
import JSON
import Linux

/// `layerctl builder`: the build cache.
struct Builder: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "builder", abstract: "Look at the build cache, and remove from it.", subcommands: [BuilderUsage.self, BuilderPrune.self])
}

/// `layerctl builder du`.
struct BuilderUsage: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "du", abstract: "List what the build cache keeps.")

  @OptionGroup var location: StoreLocation
  @OptionGroup var filter: CacheFilter
  @Flag(help: "An object of JSON a line.") var json = false

  func run() {
    orFail {
      let usage = try CacheUsage(location.store)
      let items = try filter.apply(usage.items)
      if json { return items.forEach { printLine("\($0.json)") } }
      var table = "ID\tRECLAIMABLE\tSIZE\tLAST ACCESSED\tDESCRIPTION\n"
      for item in items {
        table += "\(item.id.prefix(12))\t\(!item.isShared)\t\(humanSize(item.size))\t\(humanAge(item.lastUsed))\t\(item.line)\n"
      }
      printLine(alignColumns(table))
      printLine("Reclaimable: \(humanSize(items.map(\.reclaimable).reduce(0, +)))")
      printLine("Total: \(humanSize(items.map(\.size).reduce(0, +)))")
    }
  }
}

/// `layerctl builder prune`.
struct BuilderPrune: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Remove from the build cache what no image has, or all of it.")

  @OptionGroup var location: StoreLocation
  @OptionGroup var filter: CacheFilter
  @Flag(name: .shortAndLong, help: "Also what an image has: the next build starts from nothing.") var all = false
  @Flag(name: .shortAndLong, help: "Accepted for docker's sake: nothing is asked.") var force = false
  @ArgumentParser.Option(
    name: [.customLong("keep-storage"), .customLong("max-used-space"), .customLong("reserved-space")],
    help: "Leave as much as this, what was used last.")
  var keepStorage: String?

  func run() {
    orFail {
      let usage = try CacheUsage(location.store)
      var chosen = try filter.apply(usage.items).filter { all || !$0.isShared }
      if let keepStorage { chosen = usage.excess(over: try cacheSize(keepStorage, "--keep-storage"), among: chosen) }
      let (removed, freed) = try usage.remove(chosen)
      if !removed.isEmpty {
        printLine("Deleted build cache objects:")
        for item in removed { printLine(item.id) }
        printLine("")
      }
      printLine("Total reclaimed space: \(humanSize(freed))")
    }
  }
}

/// docker's `--filter` for the build cache.
struct CacheFilter: ParsableArguments {
  @ArgumentParser.Option(help: "Filter: until= id= type=") var filter: [String] = []

  func apply(_ items: [CacheItem]) throws -> [CacheItem] {
    var items = items
    for text in filter {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else { throw Invalid("invalid argument '\(text)' for --filter: bad format of filter (expected name=value)") }
      switch parts[0] {
      case "until", "unused-for":
        guard let duration = GoDuration(parts[1]), duration.nanoseconds >= 0 else { throw Invalid("invalid filter '\(text)'") }
        let latest = Timestamp.now.seconds - duration.nanoseconds / 1_000_000_000
        items.removeAll { $0.lastUsed.seconds > latest }
      case "id": items.removeAll { !$0.id.hasPrefix(parts[1]) }
      case "type":
        guard let kind = CacheItem.Kind(rawValue: parts[1]) else {
          throw Invalid("invalid filter '\(text)': expected \(CacheItem.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        items.removeAll { $0.kind != kind }
      default: throw Invalid("invalid filter '\(parts[0])', expected until, id or type")
      }
    }
    return items
  }

  private struct Invalid: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }
}

/// Reads a size as docker does: `512MB`, `1.5GiB`, all powers of 1024.
func cacheSize(_ text: String, _ flag: String) throws -> Int64 {
  guard let size = byteCount(text) else { throw ValidationError("\(flag) '\(text)': expected a size such as 10GB") }
  return size
}

extension CacheItem {
  /// As schemas/build-cache.schema.json has it.
  fileprivate var json: JSONValue {
    [
      "id": .string(id), "type": .string(kind.rawValue), "size": .integer(size), "reclaimable": .bool(!isShared),
      "lastUsed": .string(lastUsed.rfc3339), "description": .string(description),
    ]
  }

  /// The description on one line of a table.
  fileprivate var line: String {
    let clean = description.map { $0.isNewline || $0 == "\t" ? " " : $0 }
    return clean.count <= 60 ? String(clean) : String(clean.prefix(59)) + "…"
  }
}
