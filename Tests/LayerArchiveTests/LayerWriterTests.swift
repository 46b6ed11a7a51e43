import Linux
import SystemPackage
import Testing

@testable import LayerArchive

@Test func entriesOutOfOrderOrTwiceAreRefused() throws {
  for (first, second) in [("b", "a"), ("a", "a"), ("a/b", "a"), ("a-b", "a/b"), ("a", ".wh.b")] as [(BytePath, BytePath)] {
    let writer = try LayerWriter(to: NullSink(), compression: .none)
    try writer.add(file(first))
    #expect(throws: LayerError.self) {
      if second == ".wh.b" { try writer.addWhiteout("b") } else { try writer.add(file(second)) }
    }
  }
}

@Test(arguments: ["", "../a", "a/.wh.b", ".wh.x"]) func pathsThatALayerCannotHoldAreRefused(_ path: String) throws {
  let writer = try LayerWriter(to: NullSink(), compression: .none)
  #expect(throws: LayerError.self) { try writer.add(file(BytePath(path))) }
}

@Test func aPlanSortsAndTheLastOfAPathStands() throws {
  var plan = LayerPlan<String>()
  try plan.put(file("d/f"), "first")
  try plan.put(directory("d"))
  try plan.put(file("./d//f", mode: 0o600), "second")
  try plan.put(directory("gone"))
  try plan.put(file("gone/x"), "x")
  try plan.put(file("gone"), "file")
  let sink = MemorySink()
  let writer = try LayerWriter(to: sink, compression: .none)
  try plan.write(to: writer) { (entry, source) throws(LayerError) in try writer.add(entry, bytes: Array(source.utf8)) }
  _ = try writer.finish()
  let read = try entries(sink.bytes)
  #expect(read.map(\.entry.path.description) == ["d/", "d/f", "gone"])
  #expect(read.map { String(decoding: $0.content, as: UTF8.self) } == ["", "second", "file"])
  #expect(read[1].entry.mode == 0o600)
}

@Test func timesAreCutClampedOrFixed() {
  let time = Timestamp(seconds: 100, nanoseconds: 5)
  #expect(ModificationTimes.seconds.applied(to: time) == Timestamp(seconds: 100))
  #expect(ModificationTimes.exact.applied(to: time) == time)
  #expect(ModificationTimes.clamped(to: Timestamp(seconds: 50)).applied(to: time) == Timestamp(seconds: 50))
  #expect(ModificationTimes.clamped(to: Timestamp(seconds: 500)).applied(to: time) == Timestamp(seconds: 100))
  #expect(ModificationTimes.fixed(Timestamp(seconds: 1)).applied(to: time) == Timestamp(seconds: 1))
}

@Test func attributesOfTheMachineStayOut() throws {
  let bytes = try layer {
    try $0.add(
      TarEntry(
        "f", .regular, mode: 0o644,
        attributes: ["security.selinux", "trusted.overlay.opaque", "user.overlay.x", "user.kept"].map { ExtendedAttribute($0, [1]) }))
  }
  #expect(try entries(bytes)[0].entry.attributes.map { String(decoding: $0.name, as: UTF8.self) } == ["user.kept"])
}

@Test func attributesThatPaxCannotNameAreRefused() throws {
  let writer = try LayerWriter(to: NullSink(), compression: .none)
  #expect(throws: LayerError("f", .refused("the attribute 'user.a=b' cannot be stored: its name has a '='"))) {
    try writer.add(TarEntry("f", .regular, mode: 0o644, attributes: [ExtendedAttribute("user.a=b", [])]))
  }
}

@Test func aFileThatShrinksIsAnError() throws {
  let directory = try TemporaryDirectory()
  try directory.write("f", "short")
  let writer = try LayerWriter(to: NullSink(), compression: .none)
  var entry = file("f")
  entry.size = 100
  #expect(throws: LayerError("f", .refused("became shorter while it was read"))) {
    try writer.add(entry, content: try openFile(directory.path.appending("f"), .readOnly))
  }
}

@Test func treesBecomeLayersAndTreesAgain() throws {
  let source = try TemporaryDirectory()
  try source.makeDirectory("d/e")
  try source.write("d/f", "content")
  let root = try source.open()
  try root.makeSymbolicLink("d/s", to: Array("/nowhere".utf8))
  try root.makeLink("d/f", as: "another", in: root)
  try root.makeNode("fifo", .fifo, mode: 0o600)
  let bytes = try layer(.gzip) { try $0.addTree(root) }
  #expect(try layer(.gzip, threads: 1) { try $0.addTree(root) } == bytes)
  let target = try TemporaryDirectory()
  let applied = try applyLayer(MemorySource(bytes), to: target.path, ApplyOptions(.flattened))
  #expect(applied.entries == 7)
  #expect(try target.read("another") == "content")
  #expect(try target.status("another")?.inode == target.status("d/f")?.inode)
  #expect(try target.status("fifo")?.kind == .fifo)
  #expect(try target.open().readSymbolicLink("d/s") == Array("/nowhere".utf8))
  #expect(try TreeDifference(from: root, to: target.open()).changes.isEmpty)
}

@Test func differencesBecomeWhiteoutsAndChanges() throws {
  let (old, new) = (try TemporaryDirectory(), try TemporaryDirectory())
  for tree in [old, new] {
    try tree.makeDirectory("keep")
    try tree.write("keep/same", "same")
    try tree.open().setModified(of: "keep/same", Timestamp(seconds: 7))
  }
  try old.write("keep/gone", "")
  try new.write("keep/new", "new")
  for tree in [old, new] { try tree.open().setModified(of: "keep", Timestamp(seconds: 9)) }
  let difference = try TreeDifference(from: old.open(), to: new.open())
  #expect(difference.changes.map { "\($0.change) \($0.path)" } == ["removed keep/gone", "added keep/new"])
  let bytes = try layer { try $0.add(difference, of: new.open()) }
  #expect(try entries(bytes).map(\.entry.path.description) == ["keep/", "keep/.wh.gone", "keep/new"])
  _ = try applyLayer(MemorySource(bytes), to: old.path, ApplyOptions(.flattened))
  #expect(try TreeDifference(from: old.open(), to: new.open()).changes.isEmpty)
}
