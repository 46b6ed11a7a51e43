internal import CommandSupport
internal import Linux
internal import Network

let removeVerb = Verb("rm", aliases: ["remove"], "NETWORK…", "remove networks that nothing is attached to", operandCount: 1...Int.max) {
  options in
  let store = NetworkStore(options)
  var failed = false
  for operand in options.operands {
    do {
      guard let definition = try store.resolve(operand) else { throw NetworkError(.notFound, "network \(operand) not found") }
      try store.remove(definition.name)
      printLine(operand)
    } catch {
      Diagnostics.error("\(error)")
      failed = true
    }
  }
  return failed ? ExitCode.failure : ExitCode.success
}

let pruneVerb = Verb(
  "prune", "[OPTIONS]", "remove all networks that nothing is attached to, but the default one",
  options: [
    .flag("force", "f", help: "do not ask; it never does"),
    .list("filter", placeholder: "KEY=VALUE", help: "only those: name=, id=, driver=, label="),
  ],
  operandCount: 0...0
) { options in
  let store = NetworkStore(options)
  let filters = try options.values("filter").map(Filter.init)
  var removed: [String] = []
  for name in try store.networkNames() where name != NetworkDefinition.defaultName {
    guard let definition = try store.definition(name), filters.allSatisfy({ $0.accepts(definition) }) else { continue }
    if try store.isInUse(name) { continue }
    try store.remove(name)
    removed.append(name)
  }
  if !removed.isEmpty { printLine("Deleted Networks:\n" + removed.joined(separator: "\n")) }
  return ExitCode.success
}

let collectVerb = Verb(
  "gc", "", "take back what containers have left that went without a word; prints their ids", operandCount: 0...0
) { options in
  for owner in try NetworkStore(options).collect() { printLine(owner) }
  return ExitCode.success
}

extension NetworkStore {
  /// The network of that name, or the one whose id begins so.
  func resolve(_ typed: String) throws(NetworkError) -> NetworkDefinition? {
    if let definition = try definition(typed) { return definition }
    var found: [NetworkDefinition] = []
    for name in try networkNames() {
      if let definition = try definition(name), definition.identifier.hasPrefix(typed) { found.append(definition) }
    }
    if found.count > 1 { throw NetworkError(.invalid, "network \(typed) is ambiguous (\(found.count) matches found on name)") }
    return found.first
  }
}
