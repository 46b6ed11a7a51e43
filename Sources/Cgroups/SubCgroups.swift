internal import SystemPackage

/// The cgroups below the container's own that a process is to be in (`exec --cgroup`), by controller; the empty name means every one.
package struct SubCgroups: Equatable, Sendable {
  private let paths: [String: FilePath]

  /// `PATH`, or any number of `CONTROLLER[,CONTROLLER…]:PATH`, the messages being runc's.
  package init(_ arguments: [String]) throws(CgroupError) {
    var paths: [String: FilePath] = [:]
    for argument in arguments {
      let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 1, arguments.count > 1 {
        throw .inUse("invalid --cgroup argument: \(argument) (missing <controller>: prefix)")
      }
      let controllers = parts.count == 1 ? [""] : parts[0].split(separator: ",", omittingEmptySubsequences: false)
      for controller in controllers {
        if parts.count == 2, controller.isEmpty {
          throw .inUse("invalid --cgroup argument: \(argument) (empty <controller> prefix)")
        }
        let path = try SubCgroups.path(String(parts[parts.count - 1]))
        if paths.updateValue(path, forKey: String(controller)) != nil {
          throw .inUse("invalid --cgroup argument(s): controller \(controller) specified multiple times")
        }
      }
    }
    self.paths = paths
  }

  private static func path(_ text: String) throws(CgroupError) -> FilePath {
    let path = FilePath(text).removingRoot().lexicallyNormalized()
    guard path.components.allSatisfy({ $0.kind == .regular }), !text.utf8.contains(0) else { throw .inUse("bad sub cgroup path: \(text)") }
    return path
  }

  package var isEmpty: Bool { paths.isEmpty }

  /// The directory in the hierarchy of `directory`; the container's own where nothing is said about it.
  func directory(below directory: Cgroup.Directory) -> Cgroup.Directory {
    let names = directory.version == .v2 ? [""] : directory.controllers.map { $0.hasPrefix("name=") ? String($0.dropFirst(5)) : $0 } + [""]
    let path = names.lazy.compactMap { paths[$0] }.first ?? FilePath("")
    return Cgroup.Directory(
      version: directory.version, controllers: directory.controllers, path: directory.path.pushing(path), mount: directory.mount)
  }

  /// A controller that none of these directories has.
  func unknown(in directories: [Cgroup.Directory]) -> String? {
    let known = directories.flatMap(\.controllers).flatMap { [$0, $0.hasPrefix("name=") ? String($0.dropFirst(5)) : $0] }
    return paths.keys.sorted().first { !$0.isEmpty && !known.contains($0) }
  }
}
