internal import JSON
internal import Linux
internal import OCIRuntimeSpec
internal import Seccomp

/// What this runtime understands (features.md), as JSON.
package func supportedFeatures() throws(RuntimeError) -> String {
  var features = Features(
    ociVersionMin: "\(OCIVersion.minimum)", ociVersionMax: "\(OCIVersion.current)",
    hooks: ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"], mountOptions: MountOptions.names)
  var linux = LinuxFeatures()
  linux.namespaces = Namespace.Kind.allCases.map(\.rawValue).sorted()
  linux.capabilities = CapabilitySet.names
  linux.cgroup = LinuxFeatures.Cgroup(v1: true, v2: true, systemd: false, systemdUser: false, rdma: true)
  linux.seccomp = LinuxFeatures.Seccomp(
    enabled: true, actions: SeccompConfiguration.Action.allCases.map(\.rawValue).sorted(),
    operators: SeccompConfiguration.Argument.Operator.allCases.map(\.rawValue).sorted(),
    archs: SeccompConfiguration.Architecture.allCases.map(\.rawValue).sorted(),
    knownFlags: SeccompConfiguration.Flag.allCases.map(\.rawValue).sorted(),
    supportedFlags: SeccompConfiguration.Flag.allCases.filter(\.isSupported).map(\.rawValue).sorted())
  linux.apparmor = .init(enabled: true)
  linux.selinux = .init(enabled: true)
  linux.intelRdt = .init(enabled: true, schemata: true, monitoring: true)
  linux.mountExtensions = .init(idmap: .init(enabled: true))
  linux.memoryPolicy = .init(
    modes: MemoryPolicy.Mode.allCases.map(\.rawValue).sorted(), flags: MemoryPolicy.Flag.allCases.map(\.rawValue).sorted())
  linux.netDevices = .init(enabled: true)
  features.linux = linux
  do { return String(decoding: try encodeJSON(features, pretty: true), as: UTF8.self) } catch { throw .message("\(error)") }
}
