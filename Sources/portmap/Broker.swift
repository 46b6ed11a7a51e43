internal import CommandSupport
internal import Linux
internal import Network

let brokerVerb = Verb(
  "broker", "[OPTIONS]", "bind ports of this network namespace for an 'add' or 'attach' in another, until a process ends",
  options: [.value("until", placeholder: "PID", help: "the process, whose end is its end")], operandCount: 0...0
) { options in
  guard let process = options.value("until").flatMap({ Int32($0) }), process > 0 else {
    throw UsageError("'portmap broker' needs --until PID")
  }
  return answering { () throws(NetworkError) in try PortBroker(NetworkStore(options).runRoot).serve(until: process) }
}
