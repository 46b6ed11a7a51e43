internal import Linux
internal import OCIImageSpec
internal import SystemPackage

/// Whether this machine runs programs of a platform: its own, or one for which the kernel has an interpreter (binfmt_misc, as
/// qemu-user-static registers it).
enum ForeignPlatform {
  private static let handlers = [
    "386": "qemu-i386", "amd64": "qemu-x86_64", "arm": "qemu-arm", "arm64": "qemu-aarch64", "loong64": "qemu-loongarch64",
    "mips64": "qemu-mips64", "mips64le": "qemu-mips64el", "ppc64le": "qemu-ppc64le", "riscv64": "qemu-riscv64", "s390x": "qemu-s390x",
  ]

  static func check(_ platform: Platform) throws(BuildError) {
    let host = Platform.host
    if platform.os == host.os, platform.architecture == host.architecture { return }
    if platform.os == host.os, platform.architecture == "386", host.architecture == "amd64" { return }
    guard platform.os == host.os, let handler = handlers[platform.architecture] else {
      throw BuildError("programs for \(platform) cannot be run on \(host)")
    }
    let file = FilePath("/proc/sys/fs/binfmt_misc").appending(handler)
    guard let text = try? readFile(file, limit: 4096), text.starts(with: "enabled".utf8) else {
      throw BuildError("programs for \(platform) cannot be run on \(host): binfmt_misc has no '\(handler)' (package qemu-user-static)")
    }
  }
}
