package import Linux
package import OCIRuntimeSpec
package import SystemPackage

/// A seccomp profile as a program that the kernel takes (config-linux.md#seccomp).
package struct SeccompFilter: Hashable, Sendable {
  /// struct sock_filter, 8 bytes an instruction.
  package let program: [UInt8]
  package let flags: SecureComputing.FilterFlags

  /// Compiles by libseccomp.
  package static func compile(_ seccomp: SeccompConfiguration) throws(SeccompError) -> SeccompFilter {
    let profile = try SeccompProfile(seccomp)
    return SeccompFilter(program: try profile.compile(), flags: try flags(seccomp, profile))
  }

  /// As ``compile(_:)``, but takes a program that was compiled before from the same profile out of `directory`, without
  /// libseccomp, and leaves a new one there. Several processes may do so at once.
  package static func cached(_ seccomp: SeccompConfiguration, in directory: FilePath) throws(SeccompError) -> SeccompFilter {
    let profile = try SeccompProfile(seccomp)
    let flags = try flags(seccomp, profile)
    let cache = SeccompCache(directory: directory)
    let fingerprint = profile.fingerprint
    if let program = cache.program(fingerprint) { return SeccompFilter(program: program, flags: flags) }
    let program = try profile.compile()
    cache.keep(program, for: fingerprint)
    return SeccompFilter(program: program, flags: flags)
  }

  /// Puts the calling thread under the filter: for good, and for all that it executes. Needs CAP_SYS_ADMIN in its user
  /// namespace or no_new_privs. Gives the listener's descriptor where the profile notifies: the system calls that it
  /// names wait from now on for whoever holds that.
  package func load() throws(SeccompError) -> OwnedDescriptor? {
    do { return try SecureComputing.setFilter(program, flags) } catch { throw .system(error) }
  }
}
