import CommandSupport
import ImageStore
import JSON
import Linux
import OCIImageSpec

/// One line of `layerctl images`: an image under one of its names.
struct ImageRow {
  let image: StoredImage
  let name: Reference?
  /// Bytes of all layers, uncompressed.
  let size: Int64

  static let titles = [
    ("ID", "IMAGE ID"), ("Repository", "REPOSITORY"), ("Tag", "TAG"), ("Digest", "DIGEST"), ("CreatedSince", "CREATED"),
    ("CreatedAt", "CREATED AT"), ("Size", "SIZE"), ("Containers", "CONTAINERS"), ("VirtualSize", "SIZE"), ("SharedSize", "SHARED SIZE"),
    ("UniqueSize", "UNIQUE SIZE"),
  ]

  /// With docker's member names, all strings.
  func json(full: Bool, containers: Int, digests: Bool) -> JSONValue {
    [
      "Containers": .string("\(containers)"),
      "CreatedAt": .string(dockerTime(image.created)),
      "CreatedSince": .string(humanAge(rfc3339: image.created)),
      "Digest": .string(digests ? "\(image.target.digest)" : "<none>"),
      "ID": .string(full ? "\(image.id)" : String(image.id.encoded.prefix(12))),
      "Repository": .string(name?.familiarName ?? "<none>"),
      "SharedSize": "N/A",
      "Size": .string(humanSize(size)),
      "Tag": .string(name?.tag ?? "<none>"),
      "UniqueSize": "N/A",
      "VirtualSize": .string(humanSize(size)),
    ]
  }
}

extension StoredImage {
  /// When the image came into being: what a build noted beside it, since an image itself has no time that a rebuild would change.
  var created: String? { target.annotations?[Annotation.created] ?? configuration.created }
}

/// `2026-11-21 10:27:01 +0000 UTC`, Go's way to print a time; `N/A` where there is none.
func dockerTime(_ created: String?) -> String {
  guard let created, let time = Timestamp(rfc3339: created) else { return "N/A" }
  let text = Timestamp(seconds: time.seconds).rfc3339.dropLast()
  return text.replacing("T", with: " ") + " +0000 UTC"
}

/// An image's names as rows: each name, or one row without.
func rows(of image: StoredImage, _ store: ImageStore) throws -> [ImageRow] {
  let size = try store.size(of: image)
  if image.names.isEmpty { return [ImageRow(image: image, name: nil, size: size)] }
  return image.names.map { ImageRow(image: image, name: $0, size: size) }
}
