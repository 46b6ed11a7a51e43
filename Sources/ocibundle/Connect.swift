internal import Bundle
internal import CommandSupport

let connect = Verb(
  "connect", "[OPTIONS] NETWORK CONTAINER",
  "Attach a container to one more network whenever it starts; prints what netctl connect has to be told if it runs, a word a line",
  options: [
    .value("ip", placeholder: "ADDRESS", help: "this address and no other"),
    .value("mac-address", placeholder: "MAC", help: "this hardware address"),
    .list("alias", placeholder: "NAME", help: "another name of the container on that network"),
  ],
  operandCount: 2...2
) { options in
  var attachment = NetworkAttachment(name: options.operands[0])
  attachment.ipv4Address = options.value("ip")
  attachment.macAddress = options.value("mac-address")
  if options.given("alias") { attachment.aliases = options.values("alias") }
  for word in try ContainerStore(try places(options)).connect(options.operands[1], to: attachment) { printLine(word) }
  return ExitCode.success
}

let disconnect = Verb(
  "disconnect", "NETWORK CONTAINER", "Attach a container to one network less whenever it starts; prints its id", operandCount: 2...2
) { options in
  printLine(try ContainerStore(try places(options)).disconnect(options.operands[1], from: options.operands[0]))
  return ExitCode.success
}
