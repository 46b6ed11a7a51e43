package import JSON

/// A project's canonical model, as `cfparse` writes it, for those who carry it out.
package struct ProjectModel: Sendable {
  package let json: JSONValue
  package let name: String
  /// Where files are made of secrets and configs that come from variables or from the model itself; absolute, gone with a reboot.
  package let volatileDirectory: String

  /// - Parameter volatileRoot: `$TOTE_RUN`.
  /// - Throws: where the document is no such model.
  package init(_ document: JSONValue, volatileRoot: String) throws(ComposeError) {
    json = Self.unescaped(document)
    guard let name = document["name"]?.stringValue, document["services"]?.objectValue != nil else {
      throw ComposeError("not a project's model: it has no name and services")
    }
    self.name = name
    volatileDirectory = "\(volatileRoot)/compose/\(name)"
  }

  package var services: [ServiceModel] {
    (json["services"]?.objectValue ?? JSONObject()).map { ServiceModel($0.key, $0.value, self) }
  }

  package func service(_ name: String) -> ServiceModel? { json["services"]?[name].map { ServiceModel(name, $0, self) } }

  /// The name by which a network, volume, secret or config is known outside the model.
  func realName(_ kind: String, _ name: String) -> String { json[kind]?[name]?["name"]?.stringValue ?? name }

  /// A `$` stands twice in the document, so that it is a Compose file.
  private static func unescaped(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): return .string(text.contains("$") ? unescaped(text) : text)
    case .array(let values): return .array(values.map(unescaped))
    case .object(let object):
      var result = JSONObject()
      for (key, value) in object { result[key] = unescaped(value) }
      return .object(result)
    case .null, .bool, .number: return value
    }
  }

  private static func unescaped(_ text: String) -> String {
    var result: [UInt8] = []
    var isPair = false
    for byte in text.utf8 {
      if byte == UInt8(ascii: "$"), !isPair {
        isPair = true
        result.append(byte)
        continue
      }
      if !(isPair && byte == UInt8(ascii: "$")) { result.append(byte) }
      isPair = false
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// One service of a ``ProjectModel``.
package struct ServiceModel: Sendable {
  package let name: String
  package let json: JSONValue
  package let project: ProjectModel

  init(_ name: String, _ json: JSONValue, _ project: ProjectModel) {
    (self.name, self.json, self.project) = (name, json, project)
  }

  package var image: String { json["image"]?.stringValue ?? "\(project.name)-\(name)" }

  /// When the image is pulled: always, never or missing, among others.
  package var pullPolicy: String { json["pull_policy"]?.stringValue ?? "missing" }

  /// How many containers the file asks for.
  package var replicas: Int { json["scale"]?.integerValue ?? json["deploy"]?["replicas"]?.integerValue ?? 1 }

  /// By name, with the condition it waits for.
  package var dependencies: [(name: String, condition: String, isRequired: Bool)] {
    (json["depends_on"]?.objectValue ?? JSONObject()).map {
      ($0.key, $0.value["condition"]?.stringValue ?? "service_started", $0.value["required"]?.boolValue ?? true)
    }
  }

  func containerName(_ number: Int) -> String { json["container_name"]?.stringValue ?? "\(project.name)-\(name)-\(number)" }

  /// The names of elements that the service uses, sorted.
  func names(of kind: String) -> [String] {
    switch kind {
    case "networks": return (json["networks"]?.objectValue?.keys ?? []).sorted()
    case "volumes":
      return (json["volumes"]?.arrayValue ?? []).compactMap { $0["type"]?.stringValue == "volume" ? $0["source"]?.stringValue : nil }
        .sorted()
    default: return (json[kind]?.arrayValue ?? []).compactMap { $0["source"]?.stringValue }.sorted()
    }
  }

  /// An attribute's scalar as text; nil where it is absent.
  func text(_ name: String) -> String? { json[name]?.scalarText }

  func texts(_ name: String) -> [String] { (json[name]?.arrayValue ?? []).compactMap(\.scalarText) }

  func pairs(_ name: String) -> [(key: String, value: String?)] {
    (json[name]?.objectValue ?? JSONObject()).map { ($0.key, $0.value.scalarText) }
  }

  func flag(_ name: String) -> Bool { json[name]?.boolValue ?? false }
}

extension JSONValue {
  var scalarText: String? {
    switch self {
    case .string(let text): text
    case .bool, .number: description
    case .null, .array, .object: nil
    }
  }
}
