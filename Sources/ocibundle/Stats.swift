internal import Bundle
internal import CommandSupport
internal import Linux
internal import SystemPackage

let stats = Verb(
  "stats", "[OPTIONS] [CONTAINER...]", "Show what containers use of the machine, as docker stats does",
  options: [
    .flag("all", "a", help: "also those that do not run"),
    .value("format", placeholder: "FORMAT", help: "table, table TEMPLATE, json or a Go template"),
    .flag("no-stream", help: "once, after a second, instead of every second"),
    .flag("no-trunc", help: "whole ids"),
  ]
) { options in
  var stats = try ContainerStats(options.operands, all: options.flag("all"), try places(options))
  let format = try OutputFormat(options.value("format"), table: ContainerStats.table)
  let isLive = StandardStream.output.isTerminal && !options.flag("no-stream")
  repeat {
    sleepNanoseconds(1_000_000_000)
    let text = try format.render(try stats.rows(full: options.flag("no-trunc")), titles: ContainerStats.titles)
    // From the top of the screen, and nothing of the last picture below.
    do throws(SystemError) { try StandardStream.output.write(isLive ? "\u{1B}[H\u{1B}[J" + text : text) } catch {
      if error.errno == .brokenPipe { exitProcess(ExitCode.failure) }
      throw error
    }
  } while !options.flag("no-stream")
  return ExitCode.success
}
