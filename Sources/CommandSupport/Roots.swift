internal import Linux
package import SystemPackage

/// The two directories that everything of tote's lies below (docs/architecture.md, "Files"). An option decides, else the environment, else
/// what is usual: for root the system's places, for an ordinary user those of the XDG base directory specification.
package enum Roots {
  /// What survives a reboot: images, layers, containers, networks, volumes.
  package static func durable(_ option: String?) -> FilePath {
    place(option, "TOTE_ROOT", system: "/var/lib/tote") {
      let home = set("HOME") ?? "/"
      return FilePath(set("XDG_DATA_HOME") ?? "\(home)/.local/share").appending("tote")
    }
  }

  /// What a reboot may take: the state of running containers, published ports, attach sockets.
  package static func volatile(_ option: String?) -> FilePath {
    place(option, "TOTE_RUN", system: "/run/tote") {
      FilePath(set("XDG_RUNTIME_DIR") ?? "/tmp/tote-\(effectiveUserID)").appending("tote")
    }
  }

  private static func place(_ option: String?, _ variable: String, system: FilePath, user: () -> FilePath) -> FilePath {
    if let chosen = option.flatMap({ $0.isEmpty ? nil : $0 }) ?? set(variable) { return FilePath(chosen) }
    return effectiveUserID == 0 ? system : user()
  }

  private static func set(_ variable: String) -> String? { Environment[variable].flatMap { $0.isEmpty ? nil : $0 } }
}
