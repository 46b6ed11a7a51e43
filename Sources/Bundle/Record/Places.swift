internal import Linux
package import SystemPackage

/// Where this machine's containers are: `$TOTE_ROOT`, durable, and `$TOTE_RUN`, which goes with a reboot.
package struct Places: Sendable {
  package let root: FilePath
  package let run: FilePath

  /// Both are made absolute: they go into hooks that another program runs from another directory.
  package init(root: FilePath, run: FilePath) throws(BundleError) {
    self.root = try absolutePath(root)
    self.run = try absolutePath(run)
  }

  package var containers: FilePath { root.appending("containers") }
  package var volumes: FilePath { root.appending("volumes") }
  var names: FilePath { containers.appending(".names") }
  var namesLock: FilePath { containers.appending(".lock") }
  var volumesLock: FilePath { volumes.appending(".lock") }

  package func container(_ id: String) -> FilePath { containers.appending(id) }
  func runtimeState(_ id: String) -> FilePath { run.appending("runtime").appending(id).appending("state.json") }
  func networkState(_ id: String) -> FilePath { run.appending("network").appending("\(id).json") }
  var publishedPorts: FilePath { run.appending("ports/published") }
}

/// `path` from the root, by its text alone.
package func absolutePath(_ path: FilePath) throws(BundleError) -> FilePath {
  if path.isAbsolute { return path.lexicallyNormalized() }
  let directory = try attempting("find the working directory") { () throws(SystemError) in try readLink("/proc/self/cwd") }
  return directory.pushing(path).lexicallyNormalized()
}
