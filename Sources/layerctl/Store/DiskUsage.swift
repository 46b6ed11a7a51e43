import ArgumentParser
import CommandSupport
import ImageStore
import JSON
import OCIImageSpec

/// `layerctl du`: what the store takes on the disk.
struct DiskUsage: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "du", abstract: "Show what the store takes on the disk.")

  @OptionGroup var location: StoreLocation
  @Flag(name: .shortAndLong, help: "Each image as well.") var verbose = false
  @ArgumentParser.Option(help: "'table', 'table TEMPLATE', 'json' or a Go template.") var format: String?

  private static let titles = [("Type", "TYPE"), ("Total", "TOTAL"), ("Size", "SIZE"), ("Reclaimable", "RECLAIMABLE")]

  func run() {
    let store = location.store
    orFail {
      let usage = try store.usage()
      let kinds = [
        ("blobs", "Blobs", usage.blobs), ("unpackedLayers", "Unpacked layers", usage.unpackedLayers),
        ("buildCache", "Build cache", usage.buildCache), ("partialDownloads", "Partial downloads", usage.partialDownloads),
      ]
      if format == "json" {
        var document = JSONObject()
        for (member, _, amount) in kinds {
          document[member] = [
            "count": .integer(amount.count), "bytes": .integer(amount.bytes), "reclaimable": .integer(amount.reclaimable),
          ]
        }
        document["images"] = .array(usage.images.map(\.json))
        return printText(String(decoding: JSONValue.object(document).serialized(pretty: true), as: UTF8.self))
      }
      let format = try OutputFormat(format, table: "{{.Type}}\t{{.Total}}\t{{.Size}}\t{{.Reclaimable}}")
      let rows: [JSONValue] = kinds.map { _, name, amount in
        [
          "Type": .string(name), "Total": .string("\(amount.count)"), "Size": .string(humanSize(amount.bytes)),
          "Reclaimable": .string(humanSize(amount.reclaimable)),
        ]
      }
      printText(try format.render(rows, titles: Self.titles))
      if verbose {
        printText("\n" + alignColumns("IMAGE\tIMAGE ID\tSIZE\tSHARED\tUNIQUE\tCONTAINERS\n" + usage.images.map(\.line).joined()))
      }
    }
  }
}

extension ImageUsage {
  /// `schemas/store-usage.schema.json`.
  fileprivate var json: JSONValue {
    [
      "id": .string("\(image.id)"), "names": .array(image.names.map { .string($0.familiarDescription) }), "bytes": .integer(bytes),
      "shared": .integer(shared), "unique": .integer(unique), "containers": .integer(containers),
    ]
  }

  fileprivate var line: String {
    let name = image.names.first?.familiarDescription ?? "<none>"
    return
      "\(name)\t\(image.id.encoded.prefix(12))\t\(humanSize(bytes))\t\(humanSize(shared))\t\(humanSize(unique))\t\(containers)\n"
  }
}
