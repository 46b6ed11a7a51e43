import CommandSupport
import LayerArchive
import Linux
import SystemPackage

/// The archive that a verb reads: a file, or standard input where there is none or it is `-`.
func archiveSource(_ path: String?) throws -> any ByteSource {
  if let path, path != "-" { return DescriptorSource(try openFile(FilePath(path), .readOnly)) }
  return DescriptorSource(try duplicate(.input))
}

/// Where a verb writes an archive: the file is there only when it is whole.
func writeArchive(to path: String?, verb: String, _ body: (any ByteSink) throws -> Void) throws {
  guard let path, path != "-" else {
    if StandardStream.output.isTerminal { fail("cowardly refusing to \(verb) to a terminal. Use the -o flag or redirect") }
    return try body(DescriptorSink(try duplicate(.output)))
  }
  let target = FilePath(path)
  if let status = try? fileStatus(target), status.kind != .regular {
    // A pipe or a device is written as it is.
    return try body(DescriptorSink(try openFile(target, .writeOnly)))
  }
  let parent = target.removingLastComponent()
  guard let name = target.lastComponent else { fail("'\(path)' is a directory") }
  let temporary = (parent.isEmpty ? FilePath(".") : parent).appending(".\(name).\(UInt32.random(in: .min ... .max))")
  do {
    try body(DescriptorSink(try openFile(temporary, [.writeOnly, .create, .exclusive])))
    let directory = try openFile(parent.isEmpty ? FilePath(".") : parent, [.readOnly, .directory])
    guard let source = temporary.lastComponent else { return }
    try directory.rename(FilePath(root: nil, [source]), to: FilePath(root: nil, [name]))
  } catch {
    try? removeFile(temporary)
    throw error
  }
}

private func duplicate(_ stream: StandardStream) throws -> OwnedDescriptor {
  let borrowed = OwnedDescriptor(stream.rawValue)
  let result = Result { try borrowed.duplicate().release() }
  _ = borrowed.release()
  return OwnedDescriptor(try result.get())
}
