internal import JSON

extension Pod {
  /// Volumes, binds, tmpfs, and the files of configs and secrets.
  mutating func addStorage() {
    var claims: [String: String] = [:]
    for (index, mount) in attributes.list("volumes").enumerated() { add(mount, at: "\(path).volumes[\(index)]", &claims) }
    for text in attributes.texts("tmpfs") {
      let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
      var size: String?
      for option in parts.count > 1 ? parts[1].split(separator: ",").map(String.init) : [] {
        if option.hasPrefix("size="), let bytes = try? byteCount(String(option.dropFirst(5))) {
          size = "\(bytes)"
        } else {
          warn("tmpfs", "'\(option)' has no counterpart in Kubernetes")
        }
      }
      add(memory: parts.first ?? "", size: size)
    }
    if let size = attributes.text("shm_size") { add(memory: "/dev/shm", size: size) }
    for kind in ["configs", "secrets"] { addGrants(kind) }
    container["volumeMounts"] = .list(mounts)
  }

  /// Adds a volume and returns its name.
  private mutating func volume(_ name: String, _ kind: String, _ source: JSONValue) -> JSONValue {
    let name = JSONValue.string(names.unique(name))
    volumes.append(.object(["name": name, kind: source]))
    return name
  }

  private mutating func add(memory target: String, size: String?) {
    var source: JSONValue = ["medium": "Memory"]
    source["sizeLimit"] = size.flatMap(Quantity.bytes)
    mounts.append(["name": volume("tmpfs", "emptyDir", source), "mountPath": .string(target)])
  }

  private mutating func add(_ mount: JSONValue, at place: String, _ claims: inout [String: String]) {
    var mount = ModelAttributes(mount, path: place)
    let type = mount.text("type") ?? "volume", source = mount.text("source"), target = mount.text("target") ?? ""
    let isReadOnly = mount.flag("read_only")
    var bind = mount.attributes("bind"), options = mount.attributes("volume"), memory = mount.attributes("tmpfs")
    defer { warnings += mount.leftovers + bind.leftovers + options.leftovers + memory.leftovers }
    // A claim is never filled from the image.
    _ = options.take("nocopy")
    var entry: JSONValue
    switch type {
    case "tmpfs":
      add(memory: target, size: memory.text("size"))
      return
    case "bind":
      let creates = bind.take("create_host_path")?.boolValue ?? true
      let name = volume("host", "hostPath", ["path": .string(source ?? ""), "type": creates ? "DirectoryOrCreate" : ""])
      warnings.append("\(place): '\(source ?? "")' is a path of the node that the pod is on")
      entry = ["name": name, "mountPath": .string(target)]
      let modes = ["shared": "Bidirectional", "rshared": "Bidirectional", "slave": "HostToContainer", "rslave": "HostToContainer"]
      entry["mountPropagation"] = bind.text("propagation").map { .string(modes[$0] ?? "None") }
    case "volume":
      let name: JSONValue
      if let source {
        let known = claims[source].map { JSONValue.string($0) }
        let claim = kubernetesName(service.project.realName("volumes", source))
        name = known ?? volume(kubernetesName(source), "persistentVolumeClaim", ["claimName": .string(claim)])
        claims[source] = name.stringValue
      } else {
        name = volume("anonymous", "emptyDir", .object(JSONObject()))
      }
      entry = ["name": name, "mountPath": .string(target)]
      entry["subPath"] = options.take("subpath")
    default:
      warnings.append("\(place): a mount of type '\(type)' has no counterpart in Kubernetes")
      return
    }
    if isReadOnly { entry["readOnly"] = true }
    mounts.append(entry)
  }

  /// Each a file of its own, mounted alone so that what lies beside it stays.
  private mutating func addGrants(_ kind: String) {
    for (index, grant) in attributes.list(kind).enumerated() {
      var grant = ModelAttributes(grant, path: "\(path).\(kind)[\(index)]")
      guard let name = grant.text("source") else { continue }
      let target = grant.text("target") ?? (kind == "secrets" ? name : "/" + name)
      let place = target.hasPrefix("/") ? target : "/run/secrets/" + target
      var item: JSONValue = ["key": .string(name), "path": .string(name)]
      item["mode"] = grant.take("mode")
      let real = JSONValue.string(kubernetesName(service.project.realName(kind, name)))
      let isSecret = kind == "secrets"
      let volume = volume(
        kubernetesName((isSecret ? "secret-" : "config-") + name), isSecret ? "secret" : "configMap",
        // podman 4.3 reads what stands for the default only where it is written.
        [isSecret ? "secretName" : "name": real, "items": [item], "optional": false])
      mounts.append(["name": volume, "mountPath": .string(place), "subPath": .string(name), "readOnly": true])
      warnings += grant.leftovers
    }
  }
}
