internal import Bundle
internal import CommandSupport

let diskUsage = Verb(
  "df", "[OPTIONS]", "Show what images, containers and volumes take on the disk, as docker system df does",
  options: [
    .value("format", placeholder: "FORMAT", help: "table, table TEMPLATE, json or a Go template"),
    .flag("verbose", "v", help: "each image, container and volume"),
  ], operandCount: 0...0
) { options in
  var usage = try Bundle.DiskUsage(try places(options))
  if options.flag("verbose") {
    if options.value("format") != nil { throw UsageError("--format and --verbose exclude each other") }
    print(usage.details(), terminator: "")
  } else {
    let format = try OutputFormat(options.value("format"), table: Bundle.DiskUsage.table)
    print(try format.render(usage.rows, titles: Bundle.DiskUsage.titles), terminator: "")
  }
  return ExitCode.success
}
