package import JSON

/// A project as Kubernetes manifests: a Deployment (or DaemonSet, or Job) and a Service for each service, a PersistentVolumeClaim for
/// each volume, a ConfigMap for each config, a Secret for each secret. A pure function of the model and of its files.
package struct KubernetesManifests {
  package private(set) var documents: [JSONValue] = []
  /// What could not be said in Kubernetes' words, one line each, by its path.
  package private(set) var warnings: [String] = []
  private let project: ProjectModel
  private var serviceNames: Set<String> = []

  /// - Parameter content: the bytes of a secret's or config's source.
  /// - Throws: where two services would have one name, or a source cannot be read.
  package init(
    _ project: ProjectModel, content: (Grant.Origin, _ file: String) throws(ComposeError) -> [UInt8]
  ) throws(ComposeError) {
    self.project = project
    let services = project.services
    var names: [String: String] = [:]
    for service in services {
      let name = kubernetesName(service.name)
      if let other = names.updateValue(service.name, forKey: name) {
        throw ComposeError("services.\(service.name): '\(name)' would be its name in Kubernetes, as it is of services.\(other)")
      }
      if name != service.name { warnings.append("services.\(service.name): is named '\(name)' in Kubernetes") }
    }
    for kind in ["configs", "secrets"] { try addGrants(kind, content) }
    addClaims(services)
    warnOfNetworks()
    let completed = Set(
      services.flatMap { $0.dependencies.filter { $0.condition == "service_completed_successfully" }.map(\.name) })
    for service in services {
      var workload = Workload(service, isAwaited: completed.contains(service.name))
      for document in workload.documents() { add(document, of: service) }
      warnings += workload.warnings
    }
  }

  /// Several services may have one alias in Compose, where the name then leads to all of them.
  private mutating func add(_ document: JSONValue, of service: ServiceModel) {
    if let name = document["metadata"]?["name"]?.stringValue, document["kind"] == "Service", !serviceNames.insert(name).inserted {
      warnings.append("services.\(service.name): the name '\(name)' leads to another service already")
    } else {
      documents.append(document)
    }
  }

  // -- configs and secrets ----------------------------------------------------------------------------------------------------------

  private mutating func addGrants(
    _ kind: String, _ content: (Grant.Origin, String) throws(ComposeError) -> [UInt8]
  ) throws(ComposeError) {
    for (name, element) in project.json[kind]?.objectValue ?? JSONObject() {
      if element["external"]?.boolValue == true { continue }
      var attributes = ModelAttributes(element, path: "\(kind).\(name)")
      let real = kubernetesName(attributes.text("name") ?? name)
      let labels = attributes.pairs("labels")
      let origin: Grant.Origin
      let file = attributes.text("file") ?? ""
      if let variable = attributes.text("environment") {
        origin = .environment(variable)
      } else if let text = attributes.text("content") {
        origin = .content(text)
      } else if !file.isEmpty {
        origin = .file
      } else {
        warnings += attributes.leftovers
        continue
      }
      warnings += attributes.leftovers
      let bytes = try content(origin, file)
      // etcd takes no more of one object (Kubernetes, "ConfigMaps", "Secrets").
      if bytes.count > 1 << 20 { warnings.append("\(kind).\(name): is larger than the 1 MiB that Kubernetes keeps") }
      documents.append(Self.grant(kind, name, bytes, metadata(real, labels)))
    }
  }

  private static func grant(_ kind: String, _ key: String, _ bytes: [UInt8], _ metadata: JSONValue) -> JSONValue {
    let encoded = JSONValue.object([key: .string(Base64Bytes(bytes).base64)])
    if kind == "secrets" {
      return ["apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque", "data": encoded]
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return ["apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "binaryData": encoded]
    }
    return ["apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": .object([key: .string(text)])]
  }

  private func metadata(_ name: String, _ labels: [(key: String, value: String?)]) -> JSONValue {
    var metadata: JSONValue = ["name": .string(name), "labels": ["app.kubernetes.io/part-of": .string(kubernetesName(project.name))]]
    metadata["annotations"] = annotations(labels)
    return metadata
  }

  // -- volumes ----------------------------------------------------------------------------------------------------------------------

  /// Compose names no size; a claim must.
  private static let defaultSize: JSONValue = "1Gi"

  private mutating func addClaims(_ services: [ServiceModel]) {
    for (name, element) in project.json["volumes"]?.objectValue ?? JSONObject() {
      if element["external"]?.boolValue == true { continue }
      var attributes = ModelAttributes(element, path: "volumes.\(name)")
      let real = kubernetesName(attributes.text("name") ?? name)
      let labels = attributes.pairs("labels")
      var options = attributes.attributes("driver_opts")
      if let driver = attributes.text("driver"), driver != "local" {
        warnings.append(
          "volumes.\(name).driver: '\(driver)' has no counterpart in Kubernetes; the cluster's default storage class is asked")
      }
      let size = options.text("size").map(claimSize) ?? Self.defaultSize
      warnings += attributes.leftovers + options.leftovers
      // More pods than one may be on more nodes than one.
      let pods = services.filter { $0.names(of: "volumes").contains(name) }.map(\.replicas).reduce(0, +)
      documents.append([
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata(real, labels),
        "spec": [
          "accessModes": [pods > 1 ? "ReadWriteMany" : "ReadWriteOnce"], "resources": ["requests": ["storage": size]],
        ],
      ])
    }
  }

  private func claimSize(_ text: String) -> JSONValue {
    guard let bytes = try? byteCount(text) else { return Self.defaultSize }
    return Quantity.bytes("\(bytes)") ?? Self.defaultSize
  }

  // -- networks ---------------------------------------------------------------------------------------------------------------------

  /// All pods of a cluster reach one another.
  private mutating func warnOfNetworks() {
    let networks = project.json["networks"]?.objectValue ?? JSONObject()
    for (name, element) in networks {
      var attributes = ModelAttributes(element, path: "networks.\(name)")
      for known in ["name", "external", "driver", "labels", "attachable"] { _ = attributes.take(known) }
      warnings += attributes.leftovers
    }
    if networks.count > 1 {
      warnings.append(
        "networks: \(networks.keys.sorted().joined(separator: ", ")) are one in Kubernetes: every pod reaches every other one")
    }
  }
}

/// Compose's labels and annotations hold any text, as annotations do and labels do not.
func annotations(_ pairs: [(key: String, value: String?)]) -> JSONValue? {
  var annotations = JSONObject()
  for pair in pairs { annotations[annotationName(pair.key)] = .string(pair.value ?? "") }
  return annotations.isEmpty ? nil : .object(annotations)
}

/// `[PREFIX/]NAME`, the name of at most 63 characters that begins and ends with a letter or digit (Kubernetes, "Annotations").
private func annotationName(_ text: String) -> String {
  func isAlphanumeric(_ character: Character) -> Bool { character.isASCII && (character.isLetter || character.isNumber) }
  let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
  let prefix = parts.count > 1 ? parts[0].lowercased() : ""
  let isPrefixed =
    !prefix.isEmpty && prefix.count <= 253
    && prefix.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      label.first.map(isAlphanumeric) == true && label.last.map(isAlphanumeric) == true
        && label.allSatisfy { isAlphanumeric($0) || $0 == "-" }
    }
  var name = String((isPrefixed ? String(parts[1]) : text).map { isAlphanumeric($0) || "-_.".contains($0) ? $0 : "-" }.prefix(63))
  while let first = name.first, !isAlphanumeric(first) { name.removeFirst() }
  while let last = name.last, !isAlphanumeric(last) { name.removeLast() }
  if name.isEmpty { name = "label" }
  return isPrefixed ? "\(prefix)/\(name)" : name
}
