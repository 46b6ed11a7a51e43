extension Form {
  /// compose-spec, "Compose Build Specification".
  static let build = Form.short(
    .object(
      table([
        ("context", .then(.text, sourceDirectory)),
        ("dockerfile dockerfile_inline isolation network target", .scalar),
        ("args", .keyValues(keepsNull: true)), ("labels", .keyValues()),
        ("ssh", buildKeys), ("cache_from cache_to entitlements platforms tags", .list(.scalar)),
        ("no_cache privileged pull", .flag), ("shm_size", .bytes), ("ulimits", ulimits), ("extra_hosts", extraHosts), ("secrets", grants),
        (
          "additional_contexts",
          .then(.keyValues()) { (node, path, canonical) throws(ComposeError) in
            try canonical.convert(node, .names(.then(.text, sourceDirectory)), path)
          }
        ),
      ])), expand: nameAs("context"))

  /// A directory of this machine; a URL, an image or a service stays as it is.
  private static func sourceDirectory(_ node: Node, _ path: ModelPath, _ canonical: CanonicalForm) throws(ComposeError) -> Node {
    var node = node
    guard let text = node.string else { return node }
    let remote = ["http://", "https://", "git://", "ssh://", "github.com/", "git@", "service:"]
    if remote.contains(where: text.hasPrefix) || text.contains("://") { return node }
    node.content = .string(canonical.absolute(text))
    return node
  }

  /// `ssh: [default, id=path]` and mappings, as a list.
  private static let buildKeys = Form.then(.any) { (node, path, canonical) throws(ComposeError) in
    if node.sequence != nil { return try canonical.convert(node, .list(.scalar), path) }
    let keys = try canonical.convert(node, .keyValues(), path).mapping?.entries ?? []
    return Node(
      .sequence(
        keys.map { key in
          let value = key.value.string ?? ""
          return Node(.string(value.isEmpty ? key.key : "\(key.key)=\(value)"), at: key.keyPosition)
        }), at: node.position)
  }

  /// compose-spec, "Compose Develop Specification".
  static let develop = Form.object([
    "watch": .list(
      .object(
        [
          "action": .word(["rebuild", "sync", "sync+restart"]), "path": .path, "target": .scalar, "ignore": .list(.scalar),
        ], required: ["path", "action"]))
  ])
}
