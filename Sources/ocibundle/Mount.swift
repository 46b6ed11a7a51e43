internal import Bundle
internal import CommandSupport
internal import SystemPackage

let mount = Verb(
  "mount", "BUNDLE...", "Mount the root file system of a bundle, after a reboot; nothing happens where it is mounted",
  operandCount: 1...Int.max
) { options in
  let places = try places(options)
  return forEach(options.operands) { operand throws(BundleError) in try mountBundle(try bundleDirectory(operand, places)) }
}

let unmount = Verb(
  "unmount", aliases: ["umount"], "BUNDLE...", "Unmount the root file system of a bundle; what was written stays",
  operandCount: 1...Int.max
) { options in
  let places = try places(options)
  return forEach(options.operands) { operand throws(BundleError) in try unmountBundle(try bundleDirectory(operand, places)) }
}
