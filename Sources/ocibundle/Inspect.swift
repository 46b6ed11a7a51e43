internal import Bundle
internal import CommandSupport
internal import JSON

let inspect = Verb(
  "inspect", "[OPTIONS] CONTAINER...", "Print all that is known of containers as JSON, as docker inspect does",
  options: [
    .value("format", "f", placeholder: "TEMPLATE", help: "a Go template instead of JSON"),
    .flag("size", "s", help: "with the container's sizes"),
    .value("type", placeholder: "TYPE", help: "container: the only one that is known here"),
  ], operandCount: 1...Int.max
) { options in
  if let type = options.value("type"), !["", "container"].contains(type) {
    throw BundleError.refused("--type \(type): ocibundle knows only containers")
  }
  let places = try places(options)
  var documents: [JSONValue] = []
  let status = forEach(options.operands) { operand throws(BundleError) in
    let container = try ContainerStore(places).resolve(operand)
    documents.append(try Inspection(container, places).document(sizes: options.flag("size")))
  }
  print(try renderInspection(documents, format: options.value("format")), terminator: "")
  return status
}
