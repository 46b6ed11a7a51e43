/// Checks names and kinds of a file's or a merged model's values; the first fault is thrown.
enum Validation {
  static func check(_ root: Node) throws(ComposeError) {
    guard let top = root.mapping else { throw ComposeError("top-level object must be a mapping, not \(root.kind)", at: root.position) }
    try check(top, Attributes.topLevel, path: ModelPath())
    try checkEach(top, "services", check(service:path:))
    let elements: [(String, [String: Shape])] = [
      ("networks", Attributes.network), ("volumes", Attributes.volume), ("secrets", Attributes.secret), ("configs", Attributes.config),
    ]
    for (name, shapes) in elements {
      try checkEach(top, name) { (node, path) throws(ComposeError) in
        if node.isNull { return }
        guard let mapping = node.mapping else { throw ComposeError("must be a mapping, not \(node.kind)", path: path, at: node.position) }
        try check(mapping, shapes, path: path)
      }
    }
  }

  private static func checkEach(
    _ top: Mapping, _ name: String, _ check: (Node, ModelPath) throws(ComposeError) -> Void
  ) throws(ComposeError) {
    let path = ModelPath().appending(name)
    for entry in top[name]?.mapping?.entries ?? [] {
      let own = path.appending(entry.key)
      if entry.key.isEmpty || !entry.key.utf8.allSatisfy(isNameByte) {
        throw ComposeError("'\(entry.key)' is no name: it may have letters, digits, '.', '_' and '-'", path: path, at: entry.keyPosition)
      }
      try check(entry.value, own)
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  private static func check(service: Node, path: ModelPath) throws(ComposeError) {
    guard let attributes = service.mapping else {
      throw ComposeError("must be a mapping, not \(service.kind)", path: path, at: service.position)
    }
    try check(attributes, Attributes.service, path: path)
    for entry in attributes.entries {
      let own = path.appending(entry.key)
      if Attributes.scalarLists.contains(entry.key) {
        try checkItems(entry.value, [.string, .number], own)
      } else if let shape = Attributes.shortOrLongLists[entry.key] {
        try checkItems(entry.value, shape, own)
      } else if ["environment", "labels", "annotations", "sysctls"].contains(entry.key) {
        try checkItems(entry.value, [.string], own)
        for variable in entry.value.mapping?.entries ?? [] {
          try check(variable.value, [.string, .number, .bool, .null], own.appending(variable.key))
        }
      }
    }
  }

  private static func checkItems(_ list: Node, _ shape: Shape, _ path: ModelPath) throws(ComposeError) {
    for (index, item) in (list.sequence ?? []).enumerated() { try check(item, shape, path.appending(index)) }
  }

  private static func check(_ mapping: Mapping, _ shapes: [String: Shape], path: ModelPath) throws(ComposeError) {
    for entry in mapping.entries where !entry.key.hasPrefix("x-") {
      guard let shape = shapes[entry.key] else {
        throw ComposeError("additional property '\(entry.key)' is not allowed", path: path, at: entry.keyPosition)
      }
      try check(entry.value, shape, path.appending(entry.key))
    }
  }

  private static func check(_ node: Node, _ shape: Shape, _ path: ModelPath) throws(ComposeError) {
    // A value that the merge removes or that an empty attribute leaves out.
    if node.mergeTag == .reset || shape.accepts(node) { return }
    throw ComposeError("must be \(shape.description), not \(node.kind)", path: path, at: node.position)
  }
}
