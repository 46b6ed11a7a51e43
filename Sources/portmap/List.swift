internal import CommandSupport
internal import JSON
internal import Linux
internal import Network

let listVerb = Verb(
  "ls", aliases: ["list", "ps"], "[OPTIONS]", "what is published",
  options: [
    .value("owner", placeholder: "CONTAINER", help: "only its ports"),
    .value("format", placeholder: "FORMAT", help: "table, json (one object a line) or a Go template"),
  ],
  operandCount: 0...0
) { options in
  let format = try OutputFormat(
    options.value("format"), table: "{{.owner}}\t{{.protocol}}\t{{.host}}\t{{.address}}:{{.containerPort}}")
  let owner = options.value("owner")
  let ports = try PortTable(NetworkStore(options).runRoot).read().filter { owner == nil || $0.owner == owner }
  let titles = [
    ("owner", "OWNER"), ("protocol", "PROTOCOL"), ("host", "HOST:PORT"), ("address", "CONTAINER"),
    ("containerPort", "PORT"),
  ]
  try StandardStream.output.write(try format.render(ports.map(\.json), titles: titles))
  return ExitCode.success
}

let parseVerb = Verb(
  "parse", "SPEC…", "check and explain values of docker's -p: prints docker's PortBindings as JSON, touches nothing"
) { options in
  answering { () throws(NetworkError) in
    var specifications: [PortSpecification] = []
    for operand in options.operands { specifications += try PortSpecification.parse(operand) }
    var bindings = JSONObject()
    for specification in specifications {
      let key = "\(specification.containerPort)/\(specification.transport)"
      let binding: JSONValue = ["HostIp": .string(specification.hostIP), "HostPort": .string(specification.hostPortText)]
      bindings[key] = .array((bindings[key]?.arrayValue ?? []) + [binding])
    }
    printLine("\(JSONValue.object(bindings))")
  }
}
