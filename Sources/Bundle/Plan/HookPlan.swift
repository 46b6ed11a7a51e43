internal import OCIImageSpec
package import OCIRuntimeSpec
package import SystemPackage

extension BundlePlan {
  /// The hooks that give a container its network and take it back; docs/architecture.md, "The network hooks". None for a container without
  /// a network of its own.
  ///
  /// - Parameter name: the container's, by which others of a network that somebody made find it; empty for none.
  package func networkHooks(name: String = "", netctl: FilePath, portmap: FilePath, places: Places) -> Hooks? {
    let mode = flags.networkMode
    if ["none", "host"].contains(mode) || mode.hasPrefix("container:") { return nil }
    let roots = ["--root", places.root.string, "--run-root", places.run.string]
    let runRoot = ["--run-root", places.run.string]
    var attach = ["netctl", "attach"] + roots
    for network in flags.networks.isEmpty ? [NetworkAttachment(name: "bridge")] : flags.networks {
      attach += network.arguments(of: name)
    }
    attach += ["--hostname", hostname, "--hosts", directory.appending("hosts").string, "-"]
    var hooks = Hooks(createRuntime: [hook(netctl, attach)])
    if !flags.ports.isEmpty || (flags.publishAll && !exposedPorts.isEmpty) {
      var publish = ["portmap", "attach"] + runRoot
      if flags.firewall == "respect" { publish += ["--firewall", "respect"] }
      if let service = flags.service { publish += ["--service", service] }
      for spec in flags.portSpecs { publish += ["-p", spec] }
      if flags.publishAll {
        publish.append("-P")
        for port in exposedPorts { publish += ["--expose", port] }
      }
      hooks.createRuntime?.append(hook(portmap, publish + ["-"]))
    }
    hooks.poststop = [
      // Also what was mapped by hand.
      hook(portmap, ["portmap", "detach"] + runRoot + ["-"]),
      hook(netctl, ["netctl", "detach"] + roots + ["-"]),
    ]
    return hooks
  }

  private func hook(_ path: FilePath, _ arguments: [String]) -> Hook {
    Hook(path: path.string, args: arguments, env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"])
  }

  /// What the image and the flags expose, published ports among them.
  package var exposedPorts: [String] {
    var ports = (image.exposedPorts?.sorted ?? []).map { $0.contains("/") ? $0.lowercased() : $0 + "/tcp" }
    ports += flags.exposed + flags.ports.map(\.exposed)
    return unique(ports)
  }
}
