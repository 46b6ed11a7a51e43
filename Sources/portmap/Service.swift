internal import CommandSupport
internal import Linux
internal import Network

/// What makes the ports of several containers one service's.
let serviceOptions: [Option] = [
  .value("service", placeholder: "NAME", help: "publish the ports together with the other members of this service"),
  .value("balance", placeholder: "HOW", help: "how its connections are spread: round-robin (default), random, source"),
  .value("weight", placeholder: "N", help: "its share of them, 0 to 256 (default: 1, and 'attach' waits until it listens)"),
]

/// The part in a service that the options give; nil where they name none.
func serviceMember(_ options: ParsedOptions, weight: Int) throws -> ServiceMember? {
  guard let service = options.value("service") else {
    for name in ["balance", "weight"] where options.given(name) { throw UsageError("--\(name) goes with --service") }
    return nil
  }
  let how = options.value("balance") ?? ServiceMember.Balance.roundRobin.rawValue
  guard let balance = ServiceMember.Balance(rawValue: how) else {
    throw UsageError("--balance: '\(how)' is none of round-robin, random, source")
  }
  return ServiceMember(service, balance, weight: try weightOption(options) ?? weight)
}

private func weightOption(_ options: ParsedOptions) throws -> Int? {
  guard let text = options.value("weight") else { return nil }
  guard let weight = Int(text), ServiceMember.weights.contains(weight) else {
    throw UsageError("--weight: '\(text)' is not a number from 0 to 256")
  }
  return weight
}

let joinVerb = Verb(
  "join", "[OPTIONS] CONTAINER…", "let containers have new connections of the services that they are members of",
  options: [.value("weight", placeholder: "N", help: "the share of them, 0 to 256 (default: 1)")], operandCount: 1...Int.max
) { options in
  let weight = try weightOption(options) ?? 1
  return try forEachMember(options) { (store, owner) throws(NetworkError) in
    if try !store.setWeight(weight, of: owner) { throw NetworkError(.notFound, "container '\(owner)' is a member of no service") }
  }
}

let drainVerb = Verb(
  "drain", "[OPTIONS] CONTAINER…", "let containers have no new connections, and wait until those that they have are closed",
  options: [.value("timeout", "t", placeholder: "SECONDS", help: "how long to wait (default: 10)")], operandCount: 1...Int.max
) { options in
  let text = options.value("timeout") ?? "10"
  guard let seconds = Int(text), seconds >= 0 else { throw UsageError("--timeout: '\(text)' is not a number of seconds") }
  return try forEachMember(options) { (store, owner) throws(NetworkError) in
    let left = try store.drain(owner, seconds: seconds)
    if left > 0 { throw NetworkError(.failure, "container '\(owner)' still has \(left) connections after \(seconds) s") }
  }
}

private func forEachMember(_ options: ParsedOptions, _ body: (NetworkStore, String) throws(NetworkError) -> Void) throws -> Int32 {
  let store = NetworkStore(options)
  var status = ExitCode.success
  for owner in options.operands {
    do { try body(store, owner) } catch {
      Diagnostics.error("\(error)")
      status = ExitCode.failure
    }
  }
  return status
}
