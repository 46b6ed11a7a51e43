internal import CommandSupport
package import JSON
internal import Linux
internal import SystemPackage

/// What `ocibundle ls` was asked for.
package struct ListingRequest: Sendable {
  package var all = false
  /// Only so many of the newest, whatever their state.
  package var last: Int?
  package var full = false
  package var sizes = false
  package var filters: ContainerFilters

  package init(filters: ContainerFilters) { self.filters = filters }
}

/// The containers that a request asks for as objects for templates, the newest first.
package func listContainers(_ request: ListingRequest, _ places: Places) throws(BundleError) -> [JSONValue] {
  let store = ContainerStore(places)
  let published = try PublishedPorts(places)
  var names = ImageNames(places)
  var containers = try store.all()
  for (key, keeps) in [("before", { (a: String, b: String) in a < b }), ("since", { $0 > $1 })] {
    for name in request.filters.values(key) {
      let reference = try store.resolve(name).record.created
      containers.removeAll { !keeps($0.record.created, reference) }
    }
  }
  let ancestors = Set(request.filters.values("ancestor").compactMap { names.id(of: $0) })
  let now = Timestamp.now
  var rows: [JSONValue] = []
  for container in containers {
    // A container that is removed meanwhile is none to list.
    guard let state = try? ContainerState(container, places) else { continue }
    let shown = request.all || request.last != nil || request.filters.includesStopped || state.isRunning
    let row = ContainerRow(container, state, published: published)
    guard shown, request.filters.match(row, ancestors: ancestors) else { continue }
    let size = request.sizes ? try ContainerSize(container).described : nil
    let image = names.shown(container.record, full: request.full)
    rows.append(row.fields(full: request.full, image: image, size: size, now: now))
    if let last = request.last, rows.count >= last { break }
  }
  return rows
}
