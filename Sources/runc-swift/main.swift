internal import CommandSupport
internal import Linux
internal import Runtime

let arguments = CommandLine.arguments
let status = program.run(Array(arguments.dropFirst()))
exitProcess(status)
