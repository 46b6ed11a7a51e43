internal import CommandSupport
internal import ImageStore
package import JSON
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

/// docker's `system df`: what images, containers, volumes and the build cache take.
package struct DiskUsage {
  private let usage: StoreUsage
  private let containers: [(row: ContainerRow, bytes: Int64)]
  private let volumes: [(name: String, links: Int, bytes: Int64)]
  private var names: ImageNames

  package init(_ places: Places) throws(BundleError) {
    do throws(ImageStoreError) { usage = try ImageStore(places.root).usage() } catch { throw .refused("\(error)") }
    let published = try PublishedPorts(places)
    var containers: [(row: ContainerRow, bytes: Int64)] = []
    let all = try ContainerStore(places).all()
    for container in all {
      // A container that is removed meanwhile takes nothing.
      guard let state = try? ContainerState(container, places), let size = try? ContainerSize(container) else { continue }
      containers.append((ContainerRow(container, state, published: published), size.written))
    }
    self.containers = containers
    let store = VolumeStore(places)
    volumes = try store.all(matching: []).map { volume in
      let links = all.count { container in container.record.mounts.contains { $0.name == volume.name } }
      return (volume.name, links, store.size(volume.name))
    }
    names = ImageNames(places)
  }

  package static let titles = [
    ("Type", "TYPE"), ("TotalCount", "TOTAL"), ("Active", "ACTIVE"), ("Size", "SIZE"), ("Reclaimable", "RECLAIMABLE"),
  ]
  package static let table = "{{.Type}}\\t{{.TotalCount}}\\t{{.Active}}\\t{{.Size}}\\t{{.Reclaimable}}"

  /// One line a kind, with docker's members.
  package var rows: [JSONValue] {
    let idle = containers.filter { !$0.row.state.isRunning }.reduce(0) { $0 + $1.bytes }
    let unused = volumes.filter { $0.links == 0 }.reduce(0) { $0 + $1.bytes }
    return [
      row("Images", usage.images.count, usage.images.count { $0.containers > 0 }, usage.imageLayers.bytes, usage.imageLayers.reclaimable),
      row("Containers", containers.count, containers.count { $0.row.state.isRunning }, containers.reduce(0) { $0 + $1.bytes }, idle),
      row("Local Volumes", volumes.count, volumes.count { $0.links > 0 }, volumes.reduce(0) { $0 + $1.bytes }, unused),
      row(
        "Build Cache", usage.buildCache.count, usage.buildCache.count - usage.buildCache.reclaimableCount, usage.buildCache.bytes,
        usage.buildCache.reclaimable),
    ]
  }

  private func row(_ type: String, _ count: Int, _ active: Int, _ size: Int64, _ reclaimable: Int64) -> JSONValue {
    let share = size > 0 ? " (\(reclaimable * 100 / size)%)" : ""
    return [
      "Type": .string(type), "TotalCount": .string("\(count)"), "Active": .string("\(active)"), "Size": .string(humanSize(size)),
      "Reclaimable": .string(humanSize(reclaimable) + (type == "Build Cache" ? "" : share)),
    ]
  }

  /// docker's `-v`: every image, container and volume.
  package mutating func details() -> String {
    let now = Timestamp.now
    var images = "REPOSITORY\tTAG\tIMAGE ID\tCREATED\tSIZE\tSHARED SIZE\tUNIQUE SIZE\tCONTAINERS\n"
    for use in usage.images {
      let created = use.image.target.annotations?[Annotation.created] ?? use.image.configuration.created
      for name in use.image.names.isEmpty ? [nil] : use.image.names.map(Optional.some) {
        images +=
          "\(name?.familiarName ?? "<none>")\t\(name?.tag ?? "<none>")\t\(use.image.id.encoded.prefix(12))\t\(humanAge(rfc3339: created, now: now))\t"
          + "\(humanSize(use.bytes))\t\(humanSize(use.shared))\t\(humanSize(use.unique))\t\(use.containers)\n"
      }
    }
    var lines = "CONTAINER ID\tIMAGE\tCOMMAND\tLOCAL VOLUMES\tSIZE\tCREATED\tSTATUS\tNAMES\n"
    for (row, bytes) in containers {
      let image = names.shown(row.container.record, full: false)
      let fields = row.fields(full: false, image: image, size: humanSize(bytes), now: now)
      lines +=
        ["ID", "Image", "Command", "LocalVolumes", "Size", "RunningFor", "Status", "Names"]
        .map { fields[$0]?.stringValue ?? "" }.joined(separator: "\t") + "\n"
    }
    let volumes = "VOLUME NAME\tLINKS\tSIZE\n" + volumes.map { "\($0.name)\t\($0.links)\t\(humanSize($0.bytes))\n" }.joined()
    return "Images space usage:\n\n\(alignColumns(images))\nContainers space usage:\n\n\(alignColumns(lines))\n"
      + "Local Volumes space usage:\n\n\(alignColumns(volumes))\nBuild cache usage: \(humanSize(usage.buildCache.bytes))\n"
  }
}
