package import JSON

/// A Compose file as it was read, under the name that the user knows.
package struct ComposeFile: Sendable {
  package let name: String
  package let content: [UInt8]

  package init(name: String, content: [UInt8]) {
    self.name = name
    self.content = content
  }
}

/// The model of one or several Compose files: interpolated, merged in their order, validated.
package struct ComposeProject: Sendable {
  package let name: String
  package let root: Node
  /// Names of variables that had no value and no default; each stands for an empty string.
  package let unsetVariables: [String]
  /// What was read but has no effect.
  package let warnings: [String]
  /// Every profile that a service has, active or not, sorted.
  package let profiles: [String]
  private let interpolates: Bool

  /// - Parameters:
  ///   - name: the name asked for, by option or environment.
  ///   - directory: the project directory, absolute.
  ///   - profiles: those that are active; `*` is every one. A service of other profiles only is left out.
  ///   - home: the directory that `~` stands for.
  ///   - interpolates: whether variables are substituted; where not, they stand in the model as in the files.
  ///   - read: the content of a file that the model names, by its absolute path.
  package init(
    _ files: [ComposeFile], name: String?, directory: String, profiles: Set<String> = [], environment: @escaping (String) -> String?,
    home: String? = nil, interpolates: Bool = true, read: @escaping (String) throws(ComposeError) -> [UInt8]
  ) throws(ComposeError) {
    // The files may use the project's name, which one of them may give.
    var documents: [Node] = []
    for file in files { documents += try ProjectLoader.documents(of: file) }
    let directoryName = directory.split(separator: "/").last.map(String.init) ?? ""
    let known = try Self.name(in: documents, given: name, directory: directoryName, environment: environment)
    let variables = { (variable: String) in variable == "COMPOSE_PROJECT_NAME" ? known : environment(variable) }
    var loader = ProjectLoader(environment: variables, home: home, interpolates: interpolates, read: read)
    var root = try loader.load(files, directory: directory)
    guard var top = root.mapping else { throw ComposeError("no configuration file provided: not found") }
    var warnings: [String] = []
    if let version = top.entry("version") {
      warnings.append("\(version.keyPosition): 'version' is obsolete, it has no effect")
      top.remove("version")
    }
    top.set("name", Node(.string(known), at: top["name"]?.position ?? root.position), keyPosition: root.position)
    var named: Set<String> = []
    if let services = top.entry("services") {
      for service in services.value.mapping?.entries ?? [] {
        named.formUnion(service.value["profiles"]?.sequence?.compactMap(\.scalarText) ?? [])
      }
      top.set("services", Self.active(services.value, profiles), keyPosition: services.keyPosition)
    }
    root.content = .mapping(top)
    try Validation.check(root)
    try Consistency.check(root)
    root = try Defaults(project: known, environment: variables, interpolates: interpolates, read: read).apply(root)
    (self.name, self.root, self.warnings, unsetVariables) = (known, root, warnings, loader.unset)
    (self.profiles, self.interpolates) = (named.sorted(), interpolates)
  }

  private static func active(_ services: Node, _ profiles: Set<String>) -> Node {
    guard var mapping = services.mapping, !profiles.contains("*") else { return services }
    for service in mapping.entries {
      let own = service.value["profiles"]?.sequence?.compactMap(\.scalarText) ?? []
      if !own.isEmpty, profiles.isDisjoint(with: own) { mapping.remove(service.key) }
    }
    return Node(.mapping(mapping), at: services.position)
  }

  /// The last file that has a `name:` gives it.
  private static func name(
    in documents: [Node], given: String?, directory: String, environment: @escaping (String) -> String?
  ) throws(ComposeError) -> String {
    var interpolation = Interpolation(environment: environment)
    for document in documents.reversed() {
      guard let name = document["name"], name.string != nil, name.mergeTag != .reset else { continue }
      var mapping = Mapping()
      let value = try interpolation.substitute(name, path: ModelPath().appending("name"))
      mapping.set("name", value, keyPosition: name.position)
      return try ProjectName.choose(given: given, root: Node(.mapping(mapping), at: name.position), directory: directory)
    }
    return try ProjectName.choose(given: given, root: Node(.null, at: SourcePosition(file: "", line: 1, column: 1)), directory: directory)
  }

  /// The model as JSON. Each `$` of a string is `$$`, so that the document is itself a Compose file that means the same.
  package var json: JSONValue { root.json(doublesDollars: interpolates) }
}

extension Node {
  var json: JSONValue { json(doublesDollars: true) }

  func json(doublesDollars: Bool) -> JSONValue {
    switch content {
    case .null: return .null
    case .bool(let value): return .bool(value)
    case .integer(let text), .float(let text):
      return (try? JSONValue(parsing: Array(text.utf8))) ?? .string(text)
    case .string(let text): return .string(doublesDollars ? text.replacing("$", with: "$$") : text)
    case .sequence(let nodes): return .array(nodes.map { $0.json(doublesDollars: doublesDollars) })
    case .mapping(let mapping):
      var object = JSONObject()
      object.reserveCapacity(mapping.entries.count)
      for entry in mapping.entries { object[entry.key] = entry.value.json(doublesDollars: doublesDollars) }
      return .object(object)
    }
  }
}
