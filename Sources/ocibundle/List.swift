internal import Bundle
internal import CommandSupport

let list = Verb(
  "ls", aliases: ["ps", "list"], "[OPTIONS]", "List containers as docker ps does",
  options: [
    .flag("all", "a", help: "also those that do not run"),
    .list("filter", "f", placeholder: "NAME=VALUE", help: "only those for which it holds"),
    .value("format", placeholder: "FORMAT", help: "table, table TEMPLATE, json or a Go template"),
    .value("last", "n", placeholder: "N", help: "the N newest, whatever their state"),
    .flag("latest", "l", help: "the newest, whatever its state"),
    .flag("no-trunc", help: "whole ids and commands"),
    .flag("quiet", "q", help: "only ids"),
    .flag("size", "s", help: "how much each has on disk"),
  ], operandCount: 0...0
) { options in
  var request = ListingRequest(filters: try ContainerFilters(options.values("filter")))
  request.all = options.flag("all")
  request.full = options.flag("no-trunc")
  if options.flag("latest") { request.last = 1 }
  if let text = options.value("last"), text != "-1" {
    guard let count = Int(text), count > 0 else { throw BundleError.refused("invalid argument '\(text)' for -n: a number of containers") }
    request.last = count
  }
  let quiet = options.flag("quiet")
  let typed = options.value("format")
  request.sizes = options.flag("size") || (!quiet && typed?.contains(".Size") == true)
  let table = ContainerRow.table + (options.flag("size") ? "\\t{{.Size}}" : "")
  let format = try OutputFormat(quiet ? "{{.ID}}" : typed, table: table)
  print(try format.render(try listContainers(request, try places(options)), titles: ContainerRow.titles), terminator: "")
  return ExitCode.success
}
