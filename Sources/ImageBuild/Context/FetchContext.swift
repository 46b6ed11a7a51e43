internal import LayerArchive
internal import Linux
package import SystemPackage

/// Puts a build context that is elsewhere into a directory, which is made. What was a Dockerfile and nothing else becomes the file
/// `dockerfile`, and the context stays empty. `scratch` is a name beside the directory that nobody uses.
package func fetchContext(
  _ source: ContextSource, to directory: FilePath, dockerfile: FilePath, scratch: FilePath, keepsGitDirectory: Bool = false
) throws(BuildError) {
  defer { try? removeTree(scratch) }
  switch source {
  case .directory(let path): throw BuildError("'\(path)' is a directory already")
  case .image(let name): throw BuildError("'docker-image://\(name)' is no build context; it can be a named one")
  case .layout(let path, _): throw BuildError("'oci-layout://\(path)' is no build context; it can be a named one")
  case .git(let reference):
    let keeps = reference.keepsGitDirectory ?? keepsGitDirectory
    _ = try GitCheckout(reference: reference).checkout(into: scratch, commit: nil, keepsGitDirectory: keeps)
    try take(reference.subdirectory, of: scratch, as: directory, reference.remote)
  case .url(let url):
    _ = try Download(url: url).fetch(to: scratch, unlessIs: nil)
    try unpack(scratch, named: url, to: directory, dockerfile)
  case .standardInput:
    try attempting("standard input") {
      let copy = DescriptorSink(try openFile(scratch, [.writeOnly, .create, .exclusive], mode: 0o600))
      try DescriptorSource(try openFile("/proc/self/fd/0", .readOnly)).copy(to: copy)
    }
    try unpack(scratch, named: "standard input", to: directory, dockerfile)
  }
}

/// Moves a directory of a checkout to its place, wherever its symbolic links lead inside.
private func take(_ subdirectory: String?, of checkout: FilePath, as directory: FilePath, _ name: String) throws(BuildError) {
  try attempting("'\(name)': directory '\(subdirectory ?? "/")'") {
    var found = checkout
    if let subdirectory {
      let opened = try RootDirectory(checkout).open(FilePath(subdirectory), [.path, .directory])
      found = try readLink(opened.procPath)
      withExtendedLifetime(opened) {}
    }
    try renameFile(found, to: directory)
  }
}

private func unpack(_ file: FilePath, named name: String, to directory: FilePath, _ dockerfile: FilePath) throws(BuildError) {
  try attempting(name) {
    try makeDirectories(directory)
    let isArchive = try openArchive(DescriptorSource(try openFile(file, .readOnly))) != nil
    guard isArchive else { return try renameFile(file, to: dockerfile) }
    let extraction = Extraction(.verbatim, owner: (effectiveUserID, effectiveGroupID), limits: LayerLimits())
    try extractArchive(DescriptorSource(try openFile(file, .readOnly)), to: BytePath("/"), in: directory, extraction) { _, _ in }
  }
}
