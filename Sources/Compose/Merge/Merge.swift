/// Lays `over` on `base` (compose-spec, "Merge and override"): mappings entry by entry, lists one after the other, scalars replaced;
/// ``MergeRule`` has what is special. `!reset` removes a value, `!override` replaces it.
func merge(_ base: Node, _ over: Node, path: ModelPath = ModelPath()) throws(ComposeError) -> Node {
  if over.mergeTag == .override { return try withoutResets(over) }
  let rule = MergeRule(path)
  if rule == .replace { return try withoutResets(over) }
  let (base, over) = (try rule.longForm(base, path), try rule.longForm(over, path))
  if over.isNull { return base }
  switch (base.content, over.content) {
  case (.null, _): return try withoutResets(over)
  case (.mapping(let below), .mapping(let above)):
    var result = base
    result.content = .mapping(try merge(below, above, path: path))
    return result
  case (.sequence(let below), .sequence(let above)):
    var result = base
    result.content = .sequence(rule.unique(below + (try withoutResets(over).sequence ?? above)))
    return result
  case (.mapping, _), (.sequence, _), (_, .mapping), (_, .sequence):
    throw ComposeError("cannot override \(base.kind) (\(base.position)) with \(over.kind)", path: path, at: over.position)
  default: return over
  }
}

private func merge(_ base: Mapping, _ over: Mapping, path: ModelPath) throws(ComposeError) -> Mapping {
  var result = base
  for entry in over.entries {
    if entry.value.mergeTag == .reset {
      result.remove(entry.key)
    } else if let below = result[entry.key] {
      result.set(entry.key, try merge(below, entry.value, path: path.appending(entry.key)), keyPosition: entry.keyPosition)
    } else {
      result.set(entry.key, try withoutResets(entry.value), keyPosition: entry.keyPosition)
    }
  }
  return result
}

/// `node` where there is nothing below it to reset or replace.
func withoutResets(_ node: Node) throws(ComposeError) -> Node {
  var node = node
  node.mergeTag = nil
  switch node.content {
  case .sequence(let nodes):
    var kept: [Node] = []
    for item in nodes where item.mergeTag != .reset { kept.append(try withoutResets(item)) }
    node.content = .sequence(kept)
  case .mapping(let mapping):
    var kept = Mapping()
    for entry in mapping.entries where entry.value.mergeTag != .reset {
      kept.set(entry.key, try withoutResets(entry.value), keyPosition: entry.keyPosition)
    }
    node.content = .mapping(kept)
  case .null, .bool, .integer, .float, .string: break
  }
  return node
}
