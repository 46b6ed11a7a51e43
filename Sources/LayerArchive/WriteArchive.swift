package import Linux
internal import SystemPackage

extension LayerWriter {
  /// Adds one file or tree of a root file system under its own name, as docker's archive resource does: `etc/passwd` is the entry
  /// `passwd`. A path that ends with `/.` gives the directory's content, and the directory as `./`.
  ///
  /// A symbolic link at the end of the path is followed where it ends with `/` or `following` says so, and stays in the root.
  package func addPath(
    _ text: BytePath, in root: borrowing RootDirectory, following: Bool = false, warn: @escaping (BytePath, String) -> Void
  ) throws(LayerError) {
    let isContent = text.bytes.last == dot && (text.bytes.count == 1 || text.bytes.dropLast().last == slash)
    guard let name = text.components.last, name != [dot, dot], !isContent else {
      return try addTree(
        try naming(text) { () throws(SystemError) in try root.open(text.filePath, [.readOnly, .directory]) }, options(warn))
    }
    let entryPath = BytePath(name)
    if following || text.bytes.last == slash {
      let file = try naming(text) { () throws(SystemError) in try root.open(text.filePath, [.path]) }
      return try add(entryPath, file: file, warn)
    }
    let parent = try naming(text) { () throws(SystemError) in
      try root.open(BytePath(components: text.components.dropLast()).filePath, [.path, .directory])
    }
    let leaf = FilePath(bytes: name)
    let status = try naming(text) { () throws(SystemError) in try parent.status(of: leaf) }
    switch status.kind {
    case .regular, .directory:
      try add(entryPath, file: try naming(text) { () throws(SystemError) in try parent.open(leaf, [.path, .noFollow]) }, warn)
    case .socket: throw LayerError(text, .refused("a socket cannot be copied"))
    case .symbolicLink, .characterDevice, .blockDevice, .fifo:
      try add(try naming(text) { () throws(SystemError) in try TarEntry(special: entryPath, leaf, status, in: parent) })
    }
  }

  /// Adds what an `O_PATH` descriptor stands for; it is opened only once its kind is known, for a FIFO or a device may act on it.
  private func add(
    _ path: BytePath, file: borrowing OwnedDescriptor, _ warn: @escaping (BytePath, String) -> Void
  ) throws(LayerError) {
    let status = try naming(path) { () throws(SystemError) in try file.status() }
    switch status.kind {
    case .directory:
      try addTree(
        try naming(path) { () throws(SystemError) in try file.open(FilePath("."), [.readOnly, .directory]) }, at: path, options(warn))
    case .regular:
      let content = try naming(path) { () throws(SystemError) in try openFile(file.procPath, [.readOnly]) }
      let attributes = try naming(path) { () throws(SystemError) in try content.extendedAttributes() }
      try add(TarEntry(path, .regular, status, attributes, size: status.size), content: content)
    case .symbolicLink, .characterDevice, .blockDevice, .fifo, .socket:
      throw LayerError(path, .refused("neither a file nor a directory"))
    }
  }

  private func options(_ warn: @escaping (BytePath, String) -> Void) -> TreeOptions { TreeOptions(.plain, warn: warn) }
}
