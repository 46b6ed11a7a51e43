internal import Bundle
internal import CommandSupport
internal import SystemPackage

let root = Verb(
  "root", "CONTAINER",
  "Print where a container's root file system is to be found: /proc/PID/root of one that runs, else its mounted rootfs",
  operandCount: 1...1
) { options in
  let places = try places(options)
  printLine(try rootDirectory(of: try ContainerStore(places).resolve(options.operands[0]), places).string)
  return ExitCode.success
}
