package import JSON
internal import Linux
internal import SystemPackage

extension VolumeStore {
  /// Makes a volume; one that is there stays as it is, as docker has it.
  package func create(_ name: String?, labels: [String: String]) throws(BundleError) -> String {
    if let name { try checkVolumeName(name) }
    let chosen = name ?? newContainerID()
    _ = try ensure(chosen, labels: labels, anonymous: name == nil)
    return chosen
  }

  /// nil where there is no such volume.
  package func record(_ name: String) throws(BundleError) -> VolumeRecord? {
    guard isRestrictedName(name) else { return nil }
    let path = directory(name).appending("volume.json")
    let content: [UInt8]
    do { content = try readFile(path, limit: 1 << 20) } catch {
      if error.errno == .noSuchFileOrDirectory { return nil }
      throw .failed(attempt: "read volume '\(name)'", error)
    }
    do { return try decodeJSON(VolumeRecord.self, from: content) } catch {
      throw .damaged(path: path.string, reason: error.description)
    }
  }

  /// By name. Filters are docker's: `name=` (a part of it), `label=`, `driver=`, `dangling=`.
  package func all(matching filters: [String]) throws(BundleError) -> [VolumeRecord] {
    var conditions: [(key: String, value: String)] = []
    for filter in filters {
      guard let (key, value) = filter.cut(at: "="), ["name", "label", "driver", "dangling"].contains(key) else {
        throw .refused("invalid filter '\(filter)': name, label, driver and dangling can be asked for")
      }
      conditions.append((key, value))
    }
    let entries: [String]
    do { entries = try openFile(places.volumes, [.readOnly, .directory]).entries().map(\.name.string) } catch {
      if error.errno == .noSuchFileOrDirectory { return [] }
      throw .failed(attempt: "list volumes", error)
    }
    let used = conditions.contains { $0.key == "dangling" } ? try usedVolumes() : []
    var volumes: [VolumeRecord] = []
    for name in entries.sorted() {
      guard let volume = try record(name) else { continue }
      let matches = conditions.allSatisfy { key, value in
        switch key {
        case "name": return volume.name.contains(value)
        case "driver": return volume.driver == value
        case "dangling": return used.contains(volume.name) != ["true", "1"].contains(value)
        default:
          guard let (label, wanted) = value.cut(at: "=") else { return volume.labels[value] != nil }
          return volume.labels[label] == wanted
        }
      }
      if matches { volumes.append(volume) }
    }
    return volumes
  }

  /// Removes a volume that no container has. Returns whether it was there.
  package func removeUnused(_ name: String) throws(BundleError) -> Bool {
    guard try record(name) != nil else { return false }
    let users = try ContainerStore(places).all().filter { container in container.record.mounts.contains { $0.name == name } }
    if !users.isEmpty {
      throw .refused("remove \(name): volume is in use - [\(users.map(\.record.id).joined(separator: ", "))]")
    }
    try remove(name)
    return true
  }

  private func usedVolumes() throws(BundleError) -> Set<String> {
    Set(try ContainerStore(places).all().flatMap { $0.record.mounts.compactMap(\.name) })
  }

  /// Bytes; 0 where it cannot be measured.
  package func size(_ name: String) -> Int64 { (try? treeSize(openFile(data(name), [.readOnly, .directory, .noFollow]))) ?? 0 }

  /// docker's row of `volume ls`.
  package func row(_ volume: VolumeRecord) -> JSONValue {
    [
      "Driver": .string(volume.driver), "Name": .string(volume.name), "Mountpoint": .string(data(volume.name).string), "Scope": "local",
      "Labels": .string(volume.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")),
    ]
  }

  /// docker's answer to `volume inspect`.
  package func inspection(_ volume: VolumeRecord) -> JSONValue {
    var labels = JSONObject()
    for (key, value) in volume.labels.sorted(by: { $0.key < $1.key }) { labels[key] = .string(value) }
    return [
      "CreatedAt": .string(volume.created), "Driver": .string(volume.driver), "Labels": .object(labels),
      "Mountpoint": .string(data(volume.name).string), "Name": .string(volume.name), "Options": nil, "Scope": "local",
    ]
  }
}
