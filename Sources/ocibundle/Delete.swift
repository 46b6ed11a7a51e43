internal import Bundle
internal import CommandSupport

let delete = Verb(
  "delete", aliases: ["rm"], "[OPTIONS] BUNDLE...", "Unmount and remove bundles",
  options: [
    .flag("force", "f", help: "kill a container that runs"),
    .flag("volumes", "v", help: "remove its anonymous volumes as well"),
  ], operandCount: 1...Int.max
) { options in
  let places = try places(options)
  let removal = Removal(places, force: options.flag("force"), volumes: options.flag("volumes"))
  return forEach(options.operands) { operand throws(BundleError) in try removal.remove(try bundleDirectory(operand, places)) }
}
