internal import Dockerfile
internal import Linux
internal import SystemPackage

/// A directory that COPY takes from, and what its .dockerignore leaves out.
enum BuildContext {
  /// `dockerfile` is where `<dockerfile>.dockerignore` is looked for before the context's own .dockerignore.
  static func open(_ path: FilePath, dockerfile: String?, label: String) throws(BuildError) -> SourceRoot {
    let root: RootDirectory
    do throws(SystemError) { root = try RootDirectory(path) } catch { throw BuildError("build context '\(path)': \(error.errno)") }
    var candidates: [(path: FilePath, name: String)] = []
    if let dockerfile, dockerfile != "-" {
      let name = dockerfile + ".dockerignore"
      candidates.append((FilePath(name), name))
      if !dockerfile.hasPrefix("/") { candidates.append((path.appending(name), name)) }
    }
    candidates.append((path.appending(".dockerignore"), ".dockerignore"))
    for (file, name) in candidates {
      guard let bytes = try read(file, name) else { continue }
      do throws(DockerIgnore.Malformed) {
        return SourceRoot(root, ignore: try DockerIgnore(parsing: bytes), ignoreName: name, isContext: true, label: label)
      } catch { throw BuildError("\(name):\(error.line): \(error.message)") }
    }
    return SourceRoot(root, isContext: true, label: label)
  }

  private static func read(_ file: FilePath, _ name: String) throws(BuildError) -> [UInt8]? {
    do throws(SystemError) {
      let opened = try openFile(file, [.readOnly, .nonBlocking, .noControllingTerminal])
      guard try opened.status().kind == .regular else { return nil }
      return try opened.readAll(limit: 16 << 20)
    } catch {
      if error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory { return nil }
      throw BuildError("cannot read '\(name)': \(error.errno)")
    }
  }
}
