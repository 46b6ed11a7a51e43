internal import ImageStore
package import LayerArchive
internal import LayerStore
internal import Linux
package import OCIImageSpec
package import SystemPackage

extension BuildResult {
  /// Writes the files of the root file system as a tar archive.
  package func writeTree(to sink: any ByteSink) throws(BuildError) {
    let progress = build.progress
    let tree = try build.tree(state, label: "the result")
    try attempting("cannot write the root file system") {
      let writer = try LayerWriter(to: sink, compression: .none, hasMarkers: false, threads: 1)
      let options = TreeOptions(includesRoot: false, warn: { progress.warning("'\($0)': \($1)") })
      try writer.addTree(try tree.root.open(FilePath("."), [.readOnly, .directory]), options)
      _ = try writer.finish()
    }
  }

  /// Writes the image as an archive that docker and OCI tools read.
  package func writeImage(to sink: any ByteSink, names: [Reference]) throws(BuildError) {
    try reporting {
      let names = names.isEmpty ? build.options.tags : names
      try build.store.save([SavedImage(try build.store.image(manifest), names: names)], to: sink)
    }
  }

  /// Extracts what `write` writes as a tar archive into a directory, which is made; what is in it already stays. All of it becomes this
  /// user's own.
  package func extract(to directory: FilePath, _ write: (any ByteSink) throws(BuildError) -> Void) throws(BuildError) {
    let status = try attempting("cannot write to '\(directory)'") { () throws -> ExitStatus in
      try makeDirectories(directory)
      let pipe = try Pipe()
      let arguments = ["layerctl", "extract", "--root", directory.string, "--owner", "\(effectiveUserID):\(effectiveGroupID)", "/"]
      let child = try SpawnedCommand(try toolPath("layerctl"), arguments, input: .descriptor(pipe.reader.rawValue), output: .none)
      // It may stop reading: that is an error of ours, not our end.
      Signal.setIgnored(Signal.pipe, true)
      let failure = written(DescriptorSink(pipe.keepWriter()), write)
      Signal.setIgnored(Signal.pipe, false)
      let status = try child.wait()
      // Who stops reading has said why.
      if status == .exited(0) { try failure.get() }
      return status
    }
    if status != .exited(0) { throw BuildError("cannot write to '\(directory)'") }
  }

  /// The sink goes when this returns, so that its reader sees the end.
  private func written(_ sink: DescriptorSink, _ write: (any ByteSink) throws(BuildError) -> Void) -> Result<Void, any Error> {
    Result { try write(sink) }
  }

  /// Hands the image to its registries, by `ociship push`.
  package func push() throws(BuildError) {
    if tags.isEmpty { throw BuildError("push: the image has no name") }
    for name in tags { try build.push(name) }
  }
}
