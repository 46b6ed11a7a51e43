internal import CommandSupport
internal import JSON
internal import Linux
internal import OCIRuntimeSpec
internal import Runtime
internal import SystemPackage

let listVerb = Verb(
  "list", aliases: ["ls"], "[OPTIONS]", "list the containers",
  options: [
    .value("format", "f", placeholder: "FORMAT", help: "table (default) or json"), .flag("quiet", "q", help: "print ids only"),
  ], operandCount: 0...0
) { options in
  try Invocation.run("list", options) { invocation in
    // The default directory comes with the first container; one that the user names is to be there.
    if options.given("root"), (try? fileStatus(invocation.root.path)) == nil {
      throw RuntimeError.message("--root '\(invocation.root.path)': no such file or directory")
    }
    // One that is just being made or removed has no record to show.
    let containers = try invocation.root.all().compactMap { directory in
      try directory.record().map { Container(directory: directory, record: $0) }
    }
    if options.flag("quiet") {
      for container in containers { printLine(container.id) }
      return ExitCode.success
    }
    switch options.value("format") ?? "table" {
    case "table": printTable([["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"]] + containers.map(\.row))
    case "json": printLine(containers.isEmpty ? "null" : JSONValue.array(containers.map(\.listDocument)).description)
    default: throw RuntimeError.message("invalid format option")
    }
    return ExitCode.success
  }
}

let psVerb = Verb(
  "ps", "[OPTIONS] CONTAINER [PS OPTIONS]", "show the processes in a container",
  options: [.value("format", "f", placeholder: "FORMAT", help: "table (default) or json")], order: .beforeOperands,
  operandCount: 1...Int.max
) { options in
  try Invocation.run("ps", options) { invocation in
    let pids = try invocation.container().processIDs()
    switch options.value("format") ?? "table" {
    case "json": printLine(JSONValue.array(pids.map { .integer($0) }).description)
    case "table":
      let arguments = Array(options.operands.dropFirst())
      try StandardStream.output.write(try processTable(arguments.isEmpty ? ["-ef"] : arguments, pids))
    default: throw RuntimeError.message("invalid format option")
    }
    return ExitCode.success
  }
}

/// The lines of ps(1) for these processes, with its header.
private func processTable(_ arguments: [String], _ pids: [Int32]) throws -> String {
  let pipe = try Pipe()
  let command = try SpawnedCommand(try toolPath("ps"), ["ps"] + arguments, output: .descriptor(pipe.writer.rawValue))
  let text = String(decoding: try pipe.keepReader().readAll(), as: UTF8.self)
  _ = try command.wait()
  let lines = text.split(separator: "\n")
  guard let header = lines.first, let column = header.split(separator: " ").firstIndex(of: "PID") else {
    throw RuntimeError.message("couldn't find PID field in ps output")
  }
  let wanted = Set(pids.map { String($0) })
  let kept = lines.dropFirst().filter { line in
    let fields = line.split(separator: " ")
    return fields.count > column && wanted.contains(String(fields[column]))
  }
  return ([header] + kept).map { $0 + "\n" }.joined()
}

/// Columns as wide as their widest cell and three blanks, at least 12.
private func printTable(_ rows: [[String]]) {
  guard let first = rows.first else { return }
  let widths = first.indices.map { column in max(12, (rows.map { $0[column].count }.max() ?? 0) + 3) }
  for row in rows {
    var line = ""
    for (column, cell) in row.enumerated() {
      line += column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
    }
    printLine(line)
  }
}

extension Container {
  fileprivate var row: [String] {
    let status = status
    return [id, status == .stopped ? "0" : String(record.pid), status.rawValue, record.bundle, record.created, ownerName]
  }
}
