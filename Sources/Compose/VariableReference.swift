/// A variable that a Compose file names, as `docker compose config --variables` lists it.
package struct VariableReference: Hashable, Sendable {
  package let name: String
  /// `${V:?…}`: it must have a value.
  package var isRequired = false
  /// What stands in its place where it has none: `${V:-d}`.
  package var defaultValue = ""
  /// What stands in its place where it has one: `${V:+r}`.
  package var alternateValue = ""

  init(_ name: String) { self.name = name }

  /// Those of all strings of a model whose variables still stand in it, sorted, each name once.
  package static func all(in node: Node) -> [VariableReference] {
    var found: [String: VariableReference] = [:]
    collect(node, &found)
    return found.values.sorted { $0.name < $1.name }
  }

  private static func collect(_ node: Node, _ found: inout [String: VariableReference]) {
    switch node.content {
    case .string(let text): collect(ArraySlice(text.utf8), &found, depth: 0)
    case .sequence(let nodes): for item in nodes { collect(item, &found) }
    case .mapping(let mapping): for entry in mapping.entries { collect(entry.value, &found) }
    case .null, .bool, .integer, .float: break
    }
  }

  private static func collect(_ text: ArraySlice<UInt8>, _ found: inout [String: VariableReference], depth: Int) {
    guard depth <= Interpolation.maximumDepth else { return }
    var rest = text
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "$"), let next = rest.first else { continue }
      if next == UInt8(ascii: "$") {
        rest.removeFirst()
      } else if next == UInt8(ascii: "{"), let length = Interpolation.braced(rest) {
        collect(expression: rest.dropFirst().prefix(length - 2), &found, depth: depth)
        rest = rest.dropFirst(length)
      } else {
        let name = Interpolation.name(rest)
        rest = rest.dropFirst(name.count)
        if !name.isEmpty { note(VariableReference(String(decoding: name, as: UTF8.self)), &found) }
      }
    }
  }

  /// What stands between `${` and `}`.
  private static func collect(expression body: ArraySlice<UInt8>, _ found: inout [String: VariableReference], depth: Int) {
    let name = Interpolation.name(body)
    if name.isEmpty { return }
    var reference = VariableReference(String(decoding: name, as: UTF8.self))
    var rest = body.dropFirst(name.count)
    if rest.first == UInt8(ascii: ":") { rest.removeFirst() }
    let operation = rest.popFirst()
    let value = String(decoding: rest, as: UTF8.self)
    switch operation {
    case UInt8(ascii: "?"): reference.isRequired = true
    case UInt8(ascii: "-"): reference.defaultValue = value
    case UInt8(ascii: "+"): reference.alternateValue = value
    default: break
    }
    note(reference, &found)
    if operation != UInt8(ascii: "?") { collect(rest, &found, depth: depth + 1) }
  }

  /// A variable may be named in several places; the first one that says more about it counts.
  private static func note(_ reference: VariableReference, _ found: inout [String: VariableReference]) {
    guard var known = found[reference.name] else {
      found[reference.name] = reference
      return
    }
    known.isRequired = known.isRequired || reference.isRequired
    if known.defaultValue.isEmpty { known.defaultValue = reference.defaultValue }
    if known.alternateValue.isEmpty { known.alternateValue = reference.alternateValue }
    found[reference.name] = known
  }
}
