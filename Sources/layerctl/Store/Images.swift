import ArgumentParser
import CommandSupport
import ImageStore
import JSON
import OCIImageSpec

/// `layerctl images`: docker's table of images.
struct Images: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List images.")

  @OptionGroup var location: StoreLocation
  @Flag(name: .shortAndLong, help: "Show all images; there are no intermediate ones, so this changes nothing.") var all = false
  @Flag(name: .shortAndLong, help: "Only show image IDs.") var quiet = false
  @Flag(help: "Show digests.") var digests = false
  @Flag(help: "Do not cut IDs short.") var noTrunc = false
  @ArgumentParser.Option(name: .shortAndLong, help: "Filter: reference= dangling= label= before= since= until=") var filter: [String] = []
  @ArgumentParser.Option(help: "'table', 'table TEMPLATE', 'json' or a Go template.") var format: String?
  @ArgumentParser.Argument(help: "Only images of this repository, or of this name; may be a pattern.") var name: String?

  func run() {
    let store = location.store
    orFail {
      let filter = try ImageFilter(filter, reference: name, store)
      let listing = try store.list()
      for (entry, error) in listing.damaged {
        Diagnostics.warning("'\(entry.imageName?.familiarDescription ?? "\(entry.digest)")' cannot be shown: \(error)")
      }
      let chosen = listing.images.filter(filter.accepts).sorted { ImageFilter.moment(of: $0) > ImageFilter.moment(of: $1) }
      let rows = try chosen.flatMap { try layerctl.rows(of: $0, store) }.filter { filter.accepts($0.name) }
      if quiet, format == nil {
        var seen: Set<String> = []
        for row in rows where seen.insert("\(row.image.id) \(row.name?.description ?? "")").inserted {
          printLine(noTrunc ? "\(row.image.id)" : String(row.image.id.encoded.prefix(12)))
        }
        return
      }
      let uses = try store.containerUses()
      let format = try OutputFormat(format, table: table)
      let showsDigests = digests || self.format?.contains(".Digest") ?? false || self.format == "json"
      let values = rows.map { row in
        row.json(full: noTrunc, containers: uses.count { $0.imageID == row.image.id }, digests: showsDigests)
      }
      printText(try format.render(values, titles: ImageRow.titles))
    }
  }

  private var table: String {
    "{{.Repository}}\t{{.Tag}}\t" + (digests ? "{{.Digest}}\t" : "") + "{{.ID}}\t{{.CreatedSince}}\t{{.Size}}"
  }
}
