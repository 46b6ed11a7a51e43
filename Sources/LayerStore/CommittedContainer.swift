internal import ImageStore
internal import JSON
package import LayerArchive
internal import Linux
package import OCIImageSpec
package import SystemPackage

/// What a bundle says about a container that becomes an image: its `container.json` and the mounts of its `config.json`.
package struct CommittedContainer: Sendable {
  /// 64 hexadecimal digits.
  package let id: String
  /// The configuration of the image that it was made from; nil for a container that was made from none.
  package let imageID: Digest?
  /// What its root file system is mounted from, topmost first.
  package let lowers: [FilePath]
  package let upper: FilePath
  /// Where the runtime mounts things of its own accord: what it makes for that is not the container's.
  package let mountPoints: Set<BytePath>
  private let record: Record

  package init(bundle: FilePath) throws(LayerStoreError) {
    record = try read(bundle.appending("container.json"))
    let config: RuntimeConfig = try read(bundle.appending("config.json"))
    id = record.id
    imageID = record.imageID.flatMap { Digest($0) }
    lowers = record.lowerdirs.map { FilePath($0) }
    upper = bundle.appending("upper")
    let own = Set(record.mounts.map(\.destination))
    mountPoints = Set((config.mounts ?? []).map(\.destination).filter { !own.contains($0) }.compactMap { BytePath($0).normalized })
  }

  /// What has changed against the image.
  package func difference() throws(LayerStoreError) -> TreeDifference {
    try layering("container '\(id.prefix(12))'") { () throws(LayerError) in
      try TreeDifference(upper: openUpper(), over: lowers, mountPoints: mountPoints)
    }
  }

  func openUpper() throws(LayerError) -> OwnedDescriptor {
    do { return try openFile(upper, [.readOnly, .directory, .noFollow]) } catch { throw LayerError(nil, .system(error)) }
  }

  /// The image's configuration as the container was run with it, as docker commit keeps it.
  package func configuration(over base: ImageConfiguration) -> ImageConfiguration.Config {
    let image = base.config ?? ImageConfiguration.Config()
    var config = image
    let own = record.configuration
    config.user = own.user.isEmpty ? nil : own.user
    config.env = own.env
    config.cmd = own.cmd
    config.entrypoint = own.entrypoint
    config.workingDir = own.workingDir.isEmpty ? nil : own.workingDir
    config.labels = record.labels.isEmpty ? nil : record.labels
    if !record.exposedPorts.isEmpty { config.exposedPorts = KeySet(record.exposedPorts) }
    let volumes = record.mounts.filter { $0.anonymous == true }.map(\.destination)
    if !volumes.isEmpty { config.volumes = KeySet((image.volumes?.sorted ?? []) + volumes) }
    // What a container has of itself is no choice of anybody's.
    if record.stopSignal != "SIGTERM" { config.stopSignal = record.stopSignal }
    config.healthcheck = record.healthcheck?.healthcheck ?? (image.healthcheck == nil ? nil : Healthcheck(test: ["NONE"]))
    return config
  }

  /// The command as a line, for the history.
  var command: String { (record.configuration.cmd ?? []).joined(separator: " ") }
}

/// `schemas/container.schema.json`, as far as an image has a place for it.
private struct Record: Decodable, Sendable {
  struct Mount: Decodable, Sendable {
    let destination: String
    let anonymous: Bool?
  }

  struct Configuration: Decodable, Sendable {
    let user: String
    let env: [String]
    let cmd: [String]?
    let entrypoint: [String]?
    let workingDir: String
  }

  /// Times in nanoseconds.
  struct Check: Decodable, Sendable {
    let test: [String]
    let interval: Int64?
    let timeout: Int64?
    let startPeriod: Int64?
    let startInterval: Int64?
    let retries: Int?

    var healthcheck: Healthcheck {
      Healthcheck(
        test: test, interval: interval, timeout: timeout, startPeriod: startPeriod, startInterval: startInterval, retries: retries)
    }
  }

  let id: String
  let imageID: String?
  let labels: [String: String]
  let stopSignal: String
  let healthcheck: Check?
  let exposedPorts: [String]
  let mounts: [Mount]
  let configuration: Configuration
  let lowerdirs: [String]
}

/// The runtime-spec's config.json, of which only the mounts are looked at.
private struct RuntimeConfig: Decodable {
  struct Mount: Decodable { let destination: String }

  let mounts: [Mount]?
}

private func read<Document: Decodable>(_ path: FilePath) throws(LayerStoreError) -> Document {
  do {
    return try decodeJSON(Document.self, from: try readFile(path, limit: 8 << 20))
  } catch let error as SystemError {
    throw .store(.system(error, "cannot read the container"))
  } catch {
    throw .store(.invalidDocument("'\(path)'", "\(error)"))
  }
}
