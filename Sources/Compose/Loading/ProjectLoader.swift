internal import JSON

/// Reads the files of a project into one model in canonical form: interpolated, checked, `extends` and `include` carried out, merged.
struct ProjectLoader {
  let environment: (String) -> String?
  /// `~` of a path.
  let home: String?
  /// The content of a file by its absolute path.
  let read: (String) throws(ComposeError) -> [UInt8]
  /// Whether variables are substituted; where not, they stay, and so do environment files.
  let interpolates: Bool
  /// Names of variables that had no value and no default.
  private(set) var unset: [String] = []
  /// Files that are being included, outermost first.
  private var including: [String] = []

  init(
    environment: @escaping (String) -> String?, home: String?, interpolates: Bool,
    read: @escaping (String) throws(ComposeError) -> [UInt8]
  ) {
    self.interpolates = interpolates
    self.environment = environment
    self.home = home
    self.read = read
  }

  /// - Parameter directory: the project directory, absolute: where relative paths begin.
  mutating func load(_ files: [ComposeFile], directory: String) throws(ComposeError) -> Node {
    var merged: Node?
    for file in files {
      for document in try Self.documents(of: file) {
        let canonical = try canonical(document, directory: directory)
        let extended = try extendServices(of: canonical, directory: directory)
        merged = if let base = merged { try merge(base, extended) } else { try withoutResets(extended) }
      }
    }
    guard let merged else { throw ComposeError("no configuration file provided: not found") }
    return try include(into: completed(unique(merged, ModelPath()), directory: directory), directory: directory)
  }

  static func documents(of file: ComposeFile) throws(ComposeError) -> [Node] {
    let documents = try YAMLReader.documents(file.content, file: file.name).filter { !$0.isNull }
    if documents.isEmpty { throw ComposeError("\(file.name): empty compose file") }
    return documents
  }

  private func form(_ directory: String) -> CanonicalForm {
    CanonicalForm(directory: directory, home: home, keepsVariables: !interpolates)
  }

  private mutating func canonical(_ document: Node, directory: String) throws(ComposeError) -> Node {
    var interpolation = Interpolation(environment: environment)
    let document = interpolates ? try interpolation.substitute(document) : document
    for name in interpolation.unset where !unset.contains(name) { unset.append(name) }
    try Validation.check(document)
    return try form(directory).convert(document, .project, ModelPath())
  }

  /// Entries of one file that are one are so as if they came from two.
  private func unique(_ node: Node, _ path: ModelPath) -> Node {
    var node = node
    switch node.content {
    case .mapping(let mapping):
      var result = Mapping()
      for entry in mapping.entries { result.set(entry.key, unique(entry.value, path.appending(entry.key)), keyPosition: entry.keyPosition) }
      node.content = .mapping(result)
    case .sequence(let nodes): node.content = .sequence(MergeRule(path).unique(nodes))
    case .null, .bool, .integer, .float, .string: break
    }
    return node
  }

  /// A build without a context has the project's directory.
  private func completed(_ root: Node, directory: String) -> Node {
    guard var top = root.mapping, let services = top.entry("services"), var mapping = services.value.mapping else { return root }
    for service in mapping.entries {
      guard var own = service.value.mapping, let build = own["build"], var attributes = build.mapping, attributes["context"] == nil
      else { continue }
      attributes.set("context", Node(.string(directory), at: build.position), keyPosition: build.position)
      own.set("build", Node(.mapping(attributes), at: build.position), keyPosition: build.position)
      mapping.set(service.key, Node(.mapping(own), at: service.value.position), keyPosition: service.keyPosition)
    }
    top.set("services", Node(.mapping(mapping), at: services.value.position), keyPosition: services.keyPosition)
    return Node(.mapping(top), at: root.position)
  }

  // -- extends ----------------------------------------------------------------------------------------------------------------

  private mutating func extendServices(of document: Node, directory: String) throws(ComposeError) -> Node {
    guard var top = document.mapping, let services = top.entry("services"), var mapping = services.value.mapping else { return document }
    for service in mapping.entries where service.value["extends"] != nil {
      let extended = try self.extended(service.key, mapping, directory, trail: [])
      mapping.set(service.key, extended, keyPosition: service.keyPosition)
    }
    var result = document
    top.set(
      "services", Node(.mapping(mapping), at: services.value.position, mergeTag: services.value.mergeTag), keyPosition: services.keyPosition
    )
    result.content = .mapping(top)
    return result
  }

  /// A service laid on the one that it extends, and so on.
  private mutating func extended(
    _ name: String, _ services: Mapping, _ directory: String, trail: [String]
  ) throws(ComposeError) -> Node {
    guard let entry = services.entry(name), var own = entry.value.mapping, let extends = own.entry("extends") else {
      return services[name] ?? Node(.null, at: SourcePosition(file: "", line: 1, column: 1))
    }
    let path = ModelPath().appending("services").appending(name).appending("extends")
    let wanted = extends.value["service"]?.string ?? ""
    let step = "\(directory)#\(name)"
    if trail.contains(step) { throw ComposeError("circular reference: '\(name)' extends itself", path: path, at: extends.keyPosition) }
    var (others, place) = (services, directory)
    if let file = extends.value["file"]?.string {
      let absolute = form(directory).absolute(file)
      place = cleanedPath(absolute + "/..")
      others = try servicesOfFile(absolute, at: extends.value["file"]?.position ?? extends.keyPosition, path, directory: place)
    }
    guard others[wanted] != nil else {
      throw ComposeError("cannot extend service '\(name)': service '\(wanted)' not found", path: path, at: extends.value.position)
    }
    let base = try extended(wanted, others, place, trail: trail + [step])
    own.remove("extends")
    let over = Node(.mapping(own), at: entry.value.position, mergeTag: entry.value.mergeTag)
    return try merge(base, over, path: ModelPath().appending("services").appending(name))
  }

  private mutating func servicesOfFile(
    _ file: String, at position: SourcePosition, _ path: ModelPath, directory: String
  ) throws(ComposeError) -> Mapping {
    let content: [UInt8]
    do { content = try read(file) } catch {
      throw ComposeError("\(path): \(error.message)", at: position, kind: error.kind)
    }
    var merged: Node?
    for document in try Self.documents(of: ComposeFile(name: file, content: content)) {
      let canonical = try canonical(document, directory: directory)
      merged = if let base = merged { try merge(base, canonical) } else { canonical }
    }
    return merged?["services"]?.mapping ?? Mapping()
  }

  // -- include ----------------------------------------------------------------------------------------------------------------

  private mutating func include(into root: Node, directory: String) throws(ComposeError) -> Node {
    guard var top = root.mapping, let included = top.entry("include") else { return root }
    top.remove("include")
    var result = root
    result.content = .mapping(top)
    for (index, item) in (included.value.sequence ?? []).enumerated() {
      let path = ModelPath().appending("include").appending(index)
      let model = try project(IncludedProject(item, path, form(directory)), path)
      result = try adding(model, to: result)
    }
    return result
  }

  private mutating func project(_ included: IncludedProject, _ path: ModelPath) throws(ComposeError) -> Node {
    var variables: [String: String] = [:]
    for (file, isRequired) in included.environmentFiles {
      let content: [UInt8]
      do { content = try read(file) } catch {
        if error.kind == .missingFile, !isRequired { continue }
        throw ComposeError("\(path): \(error.message)", at: included.position, kind: .invalidProject)
      }
      let (outer, earlier) = (environment, variables)
      let own = try EnvironmentFile(parsing: content, file: file) { outer($0) ?? earlier[$0] }
      variables.merge(own.values) { _, later in later }
    }
    let outer = environment
    let inner = variables
    var loader = ProjectLoader(environment: { outer($0) ?? inner[$0] }, home: home, interpolates: interpolates, read: read)
    var files: [ComposeFile] = []
    for file in included.files {
      if including.contains(file) {
        throw ComposeError("include cycle detected: \((including + [file]).joined(separator: " -> "))", path: path, at: included.position)
      }
      do { files.append(ComposeFile(name: file, content: try read(file))) } catch {
        throw ComposeError("\(path): \(error.message)", at: included.position, kind: error.kind)
      }
    }
    loader.including = including + included.files
    let model = try loader.load(files, directory: included.directory)
    for name in loader.unset where !unset.contains(name) { unset.append(name) }
    return model
  }

  /// Adds what an included project defines. Two definitions of one name must be the same.
  private func adding(_ model: Node, to root: Node) throws(ComposeError) -> Node {
    guard var top = root.mapping, let other = model.mapping else { return root }
    for kind in other.entries where ["services", "networks", "volumes", "secrets", "configs"].contains(kind.key) {
      var own = top[kind.key]?.mapping ?? Mapping()
      for element in kind.value.mapping?.entries ?? [] {
        if let known = own[element.key], known.json.description != element.value.json.description {
          throw ComposeError("\(kind.key).\(element.key) conflicts with imported resource", at: element.keyPosition)
        }
        own.set(element.key, element.value, keyPosition: element.keyPosition)
      }
      top.set(kind.key, Node(.mapping(own), at: kind.value.position), keyPosition: kind.keyPosition)
    }
    var result = root
    result.content = .mapping(top)
    return result
  }
}

/// One entry of `include`: a path, or a mapping with the project's files, directory and environment.
private struct IncludedProject {
  let files: [String]
  let directory: String
  let environmentFiles: [(path: String, isRequired: Bool)]
  let position: SourcePosition

  init(_ node: Node, _ path: ModelPath, _ canonical: CanonicalForm) throws(ComposeError) {
    let long = Form.object(["path": .texts, "project_directory": .text, "env_file": .texts], required: ["path"])
    let node = try canonical.convert(node, .short(long, expand: Form.nameAs("path")), path)
    position = node.position
    files = (node["path"]?.sequence ?? []).compactMap(\.string).map(canonical.absolute)
    let own = files.first.map { cleanedPath($0 + "/..") } ?? canonical.directory
    directory = node["project_directory"]?.string.map(canonical.absolute) ?? own
    if let named = node["env_file"]?.sequence {
      environmentFiles = named.compactMap(\.string).map { (canonical.absolute($0), true) }
    } else {
      environmentFiles = [(cleanedPath(directory + "/.env"), false)]
    }
  }
}
