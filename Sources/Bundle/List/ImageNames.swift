internal import ImageStore
internal import OCIImageSpec

/// What containers' images are called in a listing, each looked up once.
struct ImageNames {
  private let store: ImageStore
  private var found: [String: String?] = [:]

  init(_ places: Places) { store = ImageStore(places.root) }

  /// The name as it was typed while it still means the same image, else the image's id.
  mutating func shown(_ record: ContainerRecord, full: Bool) -> String {
    guard let id = record.imageID else { return record.image.isEmpty ? "<no image>" : record.image }
    if id.hasSuffix(record.image) || id.dropFirst(7).hasPrefix(record.image) { return full ? record.image : shortID(id) }
    guard self.id(of: record.image) == id else { return full ? id : shortID(id) }
    if full { return record.image }
    guard let reference = try? Reference(record.image) else { return record.image }
    return reference.tag == nil && reference.digest != nil ? reference.familiarName : record.image
  }

  /// The id of the image that a name means now; nil where it means none.
  mutating func id(of name: String) -> String? {
    if let known = found[name] { return known }
    let id = (try? store.resolve(name))?.image.id.description
    found[name] = .some(id)
    return id
  }
}
