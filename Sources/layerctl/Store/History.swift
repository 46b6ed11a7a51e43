import ArgumentParser
import CommandSupport
import ImageStore
import JSON
import OCIImageSpec

/// `layerctl history IMAGE`: how each layer came to be, the newest first.
struct HistoryVerb: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "history", abstract: "Show how an image was built.")

  @OptionGroup var location: StoreLocation
  @ArgumentParser.Option(name: [.customShort("H"), .customLong("human")], help: "Sizes and dates for people: true or false.") var human:
    Bool = true
  @Flag(name: .shortAndLong, help: "Only show image IDs.") var quiet = false
  @Flag(help: "Do not cut output short.") var noTrunc = false
  @ArgumentParser.Option(help: "'table', 'table TEMPLATE', 'json' or a Go template.") var format: String?
  @ArgumentParser.Option(help: "Which image of several: os/architecture[/variant].") var platform: String?
  @ArgumentParser.Argument(help: "A name or an ID.") var image: String

  private static let titles = [
    ("ID", "IMAGE"), ("CreatedSince", "CREATED"), ("CreatedAt", "CREATED AT"), ("CreatedBy", "CREATED BY"), ("Size", "SIZE"),
    ("Comment", "COMMENT"),
  ]

  func run() {
    let store = location.store
    orFail {
      let image = try store.resolve(image, platform: try platform.map(parsePlatform)).image
      let steps = try rows(of: image, store)
      if quiet, format == nil {
        for row in steps { printLine(row["ID"]?.stringValue ?? "") }
        return
      }
      let created = human ? "{{.CreatedSince}}" : "{{.CreatedAt}}"
      let format = try OutputFormat(format, table: "{{.ID}}\t\(created)\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}")
      printText(try format.render(steps, titles: Self.titles))
    }
  }

  private func rows(of image: StoredImage, _ store: ImageStore) throws -> [JSONValue] {
    var sizes = try store.layerSizes(of: image)[...]
    var steps: [(History, Int64)] = []
    for step in image.configuration.history ?? [] { steps.append((step, step.emptyLayer == true ? 0 : sizes.popFirst() ?? 0)) }
    // Layers that the history does not speak of.
    for size in sizes { steps.append((History(), size)) }
    return steps.reversed().enumerated().map { position, step in row(step.0, step.1, id: position == 0 ? image.id : nil) }
  }

  private func row(_ step: History, _ size: Int64, id: Digest?) -> JSONValue {
    let command = (step.createdBy ?? "").replacing("\t", with: " ")
    return [
      "Comment": .string(step.comment ?? ""),
      "CreatedAt": .string(step.created ?? ""),
      "CreatedBy": .string(noTrunc ? command : ellipsis(command, 45)),
      "CreatedSince": .string(humanAge(rfc3339: step.created)),
      "ID": .string(id.map { noTrunc ? "\($0)" : String($0.encoded.prefix(12)) } ?? "<missing>"),
      "Size": .string(human ? humanSize(size) : "\(size)"),
    ]
  }
}

/// At most `width` characters, the last one `…` where some are left out.
func ellipsis(_ text: String, _ width: Int) -> String {
  text.unicodeScalars.count <= width ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(width - 1))) + "…"
}

func parsePlatform(_ text: String) throws -> Platform {
  struct Invalid: Error, CustomStringConvertible { let description: String }
  guard let platform = Platform(text) else { throw Invalid(description: "'\(text)' is not a platform: os/architecture[/variant] is") }
  return platform
}
