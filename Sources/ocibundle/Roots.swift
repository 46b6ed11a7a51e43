internal import Bundle
internal import CommandSupport
internal import Linux
internal import SystemPackage

/// The places that the command line or the environment names.
func places(_ options: ParsedOptions) throws(BundleError) -> Places {
  try Places(root: Roots.durable(options.value("root")), run: Roots.volatile(options.value("run-root")))
}

/// The bundle that an operand means: a directory with a slash in its name or a container.json in it, else a container of the store.
func bundleDirectory(_ typed: String, _ places: Places) throws(BundleError) -> FilePath {
  let path = FilePath(typed)
  if typed.contains("/") || typed == "." || typed == ".." || (try? fileStatus(path.appending("container.json"))) != nil {
    return try absolutePath(path)
  }
  return try ContainerStore(places).resolve(typed).directory
}

/// Does `body` for each operand; one failure does not stop the others but is the exit code.
func forEach(_ operands: [String], _ body: (String) throws(BundleError) -> Void) -> Int32 {
  var status = ExitCode.success
  for operand in operands {
    do { try body(operand) } catch {
      Diagnostics.error(error.description)
      status = ExitCode.failure
    }
  }
  return status
}
