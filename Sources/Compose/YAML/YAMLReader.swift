/// Reads a YAML stream to nodes: aliases and merge keys resolved, duplicate keys refused, size and depth bounded.
struct YAMLReader: ~Copyable {
  /// Nested collections, aliases' included.
  static let maximumDepth = 100
  /// Nodes of a file once its aliases are expanded; 32 bytes of text count as one more. It bounds what an alias bomb
  /// ("billion laughs") can cost.
  static let maximumWeight = 500_000

  /// A node and what it costs.
  private struct Built {
    let node: Node
    let weight: Int
    let height: Int
  }

  private var events: YAMLEventParser
  private var anchors: [String: Built] = [:]
  private var openAnchors: Set<String> = []
  private var weight = 0

  private init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) throws(ComposeError) {
    events = unsafe try YAMLEventParser(bytes, file: file)
  }

  /// The documents of `content`; none where it has nothing but comments.
  static func documents(_ content: [UInt8], file: String) throws(ComposeError) -> [Node] {
    unsafe try content.withUnsafeBufferPointer { (bytes) throws(ComposeError) in
      var reader = unsafe try YAMLReader(bytes, file: file)
      return try reader.documents()
    }
  }

  private mutating func documents() throws(ComposeError) -> [Node] {
    var documents: [Node] = []
    while true {
      let event = try events.next()
      switch event.kind {
      case .streamEnd: return documents
      case .documentStart: anchors = [:]
      case .documentEnd: break
      default: documents.append(try build(event, depth: 0).node)
      }
    }
  }

  private mutating func build(_ event: YAMLEvent, depth: Int) throws(ComposeError) -> Built {
    if case .alias(let name) = event.kind { return try resolve(alias: name, event, depth: depth) }
    if let anchor = event.anchor { openAnchors.insert(anchor) }
    let built: Built
    switch event.kind {
    case .scalar(let text, let isPlain):
      let node = try Node(scalar: text, isPlain: isPlain, tag: event.tag, at: event.position)
      built = Built(node: node, weight: 1 + text.utf8.count / 32, height: 0)
      try add(1 + text.utf8.count / 32, event)
    case .sequenceStart: built = try sequence(event, depth: depth + 1)
    case .mappingStart: built = try mapping(event, depth: depth + 1)
    default: throw ComposeError("yaml: a value is missing", at: event.position)
    }
    if let anchor = event.anchor {
      openAnchors.remove(anchor)
      anchors[anchor] = built
    }
    return built
  }

  private mutating func resolve(alias name: String, _ event: YAMLEvent, depth: Int) throws(ComposeError) -> Built {
    if openAnchors.contains(name) { throw ComposeError("yaml: anchor '\(name)' value contains itself", at: event.position) }
    guard let built = anchors[name] else { throw ComposeError("yaml: unknown anchor '\(name)' referenced", at: event.position) }
    try add(built.weight, event)
    try check(depth: depth + built.height, event)
    return built
  }

  private mutating func add(_ more: Int, _ event: YAMLEvent) throws(ComposeError) {
    weight += more
    if weight > Self.maximumWeight {
      throw ComposeError("yaml: more than \(Self.maximumWeight) nodes once aliases are expanded", at: event.position)
    }
  }

  private func check(depth: Int, _ event: YAMLEvent) throws(ComposeError) {
    if depth > Self.maximumDepth { throw ComposeError("yaml: nested deeper than \(Self.maximumDepth) levels", at: event.position) }
  }

  private mutating func sequence(_ start: YAMLEvent, depth: Int) throws(ComposeError) -> Built {
    try check(depth: depth, start)
    try add(1, start)
    var (nodes, weight, height): ([Node], Int, Int) = ([], 1, 0)
    while true {
      let event = try events.next()
      if case .sequenceEnd = event.kind { break }
      let item = try build(event, depth: depth)
      nodes.append(item.node)
      weight += item.weight
      height = max(height, item.height)
    }
    let tag = try mergeTag(start, "tag:yaml.org,2002:seq")
    return Built(node: Node(.sequence(nodes), at: start.position, mergeTag: tag), weight: weight, height: height + 1)
  }

  private mutating func mapping(_ start: YAMLEvent, depth: Int) throws(ComposeError) -> Built {
    try check(depth: depth, start)
    try add(1, start)
    var (mapping, weight, height): (Mapping, Int, Int) = (Mapping(), 1, 0)
    var merges: (sources: [Node], position: SourcePosition)?
    while true {
      let event = try events.next()
      if case .mappingEnd = event.kind { break }
      let key = try self.key(event)
      let earlier = key.isMerge ? merges?.position : mapping.entry(key.name)?.keyPosition
      if let earlier {
        throw ComposeError("yaml: key '\(key.name)' is already defined at line \(earlier.line)", at: event.position)
      }
      let value = try build(try events.next(), depth: depth)
      weight += value.weight + 1
      height = max(height, value.height)
      if key.isMerge {
        merges = (try mergeSources(value.node), event.position)
      } else {
        mapping.set(key.name, value.node, keyPosition: event.position)
      }
    }
    // A key of the mapping's own wins over a merged one, an earlier source over a later one.
    for source in merges?.sources ?? [] {
      for entry in source.mapping?.entries ?? [] where mapping[entry.key] == nil {
        mapping.set(entry.key, entry.value, keyPosition: entry.keyPosition)
      }
    }
    let tag = try mergeTag(start, "tag:yaml.org,2002:map")
    return Built(node: Node(.mapping(mapping), at: start.position, mergeTag: tag), weight: weight, height: height + 1)
  }

  /// A key's text; whether it is the merge key, which only a plain `<<` is.
  private mutating func key(_ event: YAMLEvent) throws(ComposeError) -> (name: String, isMerge: Bool) {
    if case .scalar(let text, isPlain: true) = event.kind, text == "<<", event.tag == nil { return (text, true) }
    let node = try build(event, depth: 0).node
    if let text = node.string { return (text, false) }
    throw ComposeError("yaml: non-string key \(node.scalarText.map { "'\($0)'" } ?? "(\(node.kind))")", at: event.position)
  }

  /// The mappings that `<<` names, the first one strongest.
  private func mergeSources(_ node: Node) throws(ComposeError) -> [Node] {
    let sources = node.sequence ?? [node]
    for source in sources where source.mapping == nil {
      throw ComposeError("yaml: map merge requires map or sequence of maps as the value", at: source.position)
    }
    return sources
  }

  private func mergeTag(_ event: YAMLEvent, _ own: String) throws(ComposeError) -> Node.MergeTag? {
    guard let tag = event.tag, tag != own, tag != "!" else { return nil }
    return try Node.MergeTag(tag, at: event.position)
  }
}
