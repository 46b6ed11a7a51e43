import Linux
import SystemPackage
import Testing

@testable import LayerArchive

private func apply(_ bytes: [UInt8], _ target: TemporaryDirectory, below lowers: [TemporaryDirectory]? = nil) throws -> AppliedLayer {
  try applyLayer(
    MemorySource(bytes), to: target.path, ApplyOptions(lowers.map { .overlay(lowers: $0.map(\.path)) } ?? .flattened))
}

private func isWhiteout(_ directory: TemporaryDirectory, _ name: FilePath) throws -> Bool {
  try directory.status(name)?.isWhiteout == true
}

private func isOpaque(_ directory: TemporaryDirectory, _ name: FilePath) throws -> Bool {
  try openFile(directory.path.appending(name.components), [.readOnly, .directory]).isOpaque()
}

@Test func whiteoutsRemoveOnlyWhatWasThereBefore() throws {
  let target = try TemporaryDirectory()
  try target.makeDirectory("d/sub")
  try target.write("d/old", "old")
  try target.write("d/sub/old", "old")
  try target.write("f", "old")
  // In the worst order: what hides comes after what it must not touch.
  let bytes = try layer { writer in
    try writer.add(file("d/new"), bytes: [1])
    try writer.add(file("d/sub/new"), bytes: [1])
    try writer.addOpaque("d")
    try writer.add(file("f"), bytes: Array("new".utf8))
    try writer.addWhiteout("f")
    try writer.addWhiteout("missing/x")
  }
  _ = try apply(bytes, target)
  #expect(try target.read("f") == "new")
  #expect(try target.status("d/old") == nil && target.status("d/sub/old") == nil)
  #expect(try target.status("d/new") != nil && target.status("d/sub/new") != nil)
  #expect(try target.status("missing") == nil)
}

@Test func removedAndMadeAgainIsOpaqueInOverlay() throws {
  for whiteoutFirst in [true, false] {
    let (lower, target) = (try TemporaryDirectory(), try TemporaryDirectory())
    try lower.makeDirectory("d")
    try lower.write("d/old", "old")
    try lower.write("f", "old")
    let bytes = try layer { writer in
      if whiteoutFirst { try writer.addWhiteout("d") }
      try writer.add(directory("d"))
      if !whiteoutFirst { try writer.addWhiteout("d") }
      try writer.addWhiteout("f")
      try writer.addWhiteout("never")
    }
    _ = try apply(bytes, target, below: [lower])
    #expect(try isOpaque(target, "d"))
    #expect(try isWhiteout(target, "f"))
    // overlayfs would list a whiteout of nothing.
    #expect(try target.status("never") == nil)
  }
}

@Test func opaqueDirectoriesHaveNoWhiteoutsLeft() throws {
  let (lower, target) = (try TemporaryDirectory(), try TemporaryDirectory())
  try lower.makeDirectory("d/e")
  try lower.write("d/e/old", "old")
  let bytes = try layer { writer in
    try writer.addWhiteout("d/e/old")
    try writer.addOpaque("d")
  }
  _ = try apply(bytes, target, below: [lower])
  #expect(try isOpaque(target, "d"))
  #expect(try target.status("d/e/old") == nil)
}

@Test func anOpaqueRootIsReported() throws {
  let (lower, target) = (try TemporaryDirectory(), try TemporaryDirectory())
  try lower.write("f", "old")
  let applied = try apply(try layer { try $0.addOpaque("") }, target, below: [lower])
  #expect(applied.isRootOpaque)
  #expect(!(try apply(try layer { try $0.add(file("x")) }, target, below: [lower]).isRootOpaque))
}

@Test func linksToFilesOfLayersBelowCopyThemUp() throws {
  let (lowest, lower, target) = (try TemporaryDirectory(), try TemporaryDirectory(), try TemporaryDirectory())
  try lowest.makeDirectory("bin")
  try lowest.write("bin/tool", "tool")
  try lowest.open().changeOwner(of: "bin/tool", userID: 12, groupID: 34)
  try lowest.open().setModified(of: "bin/tool", Timestamp(seconds: 99))
  try lowest.write("hidden", "hidden")
  try lower.open().makeNode("hidden", .characterDevice, mode: 0)
  _ = try apply(try layer { try $0.add(TarEntry("bin/link", .hardLink("bin/tool"), mode: 0o644)) }, target, below: [lower, lowest])
  let status = try #require(try target.status("bin/link"))
  #expect(status.inode == (try target.status("bin/tool")?.inode) && status.linkCount == 2)
  #expect(status.userID == 12 && status.groupID == 34 && status.modified == Timestamp(seconds: 99))
  #expect(try target.read("bin/link") == "tool")
  #expect(throws: LayerError.self) {
    try apply(try layer { try $0.add(TarEntry("l", .hardLink("hidden"), mode: 0o644)) }, target, below: [lower, lowest])
  }
}

@Test func parentsThatNoEntryNamesAreLikeThoseBelow() throws {
  let (lower, target) = (try TemporaryDirectory(), try TemporaryDirectory())
  try lower.makeDirectory("home/user")
  try lower.open().changeOwner(of: "home/user", userID: 1000, groupID: 1000)
  try lower.open().open("home/user", [.readOnly, .directory]).changeMode(0o700)
  try lower.open().setModified(of: "home/user", Timestamp(seconds: 42))
  _ = try apply(
    try layer {
      try $0.add(file("home/user/f")); try $0.add(file("new/f"))
    }, target, below: [lower])
  let status = try #require(try target.status("home/user"))
  #expect(status.userID == 1000 && status.permissions == 0o700 && status.modified == Timestamp(seconds: 42))
  #expect(try target.status("new")?.permissions == 0o755)
}

@Test func parentsThatAreLinksBelowAreFollowedInside() throws {
  let (lower, target) = (try TemporaryDirectory(), try TemporaryDirectory())
  try lower.makeDirectory("usr/lib")
  try lower.open().makeSymbolicLink("lib", to: Array("/usr/lib".utf8))
  try lower.open().makeSymbolicLink("up", to: Array("../../../../usr/../usr/lib".utf8))
  _ = try apply(
    try layer {
      try $0.add(file("lib/a")); try $0.add(file("up/b"))
    }, target, below: [lower])
  #expect(try target.status("usr/lib/a") != nil && target.status("usr/lib/b") != nil)
  #expect(try target.status("lib") == nil && target.status("up") == nil)
  let flat = try TemporaryDirectory()
  try flat.makeDirectory("usr/lib")
  try flat.open().makeSymbolicLink("lib", to: Array("/usr/lib".utf8))
  _ = try apply(try layer { try $0.add(file("lib/a")) }, flat)
  #expect(try flat.status("usr/lib/a") != nil)
}

@Test func overlayMarksFromAnArchiveAreLeftOut() throws {
  let (lower, target) = (try TemporaryDirectory(), try TemporaryDirectory())
  try lower.write("c", "lower")
  var warnings: [String] = []
  // Our writer leaves the attribute out: take another's bytes.
  var entry = TarEncoder.header(
    TarEntry("d", .directory, mode: 0o755, attributes: [ExtendedAttribute("trusted.overlay.opaque", [UInt8(ascii: "y")])]))
  entry += TarEncoder.header(TarEntry("c", .characterDevice(major: 0, minor: 0), mode: 0o600))
  _ = try applyLayer(
    MemorySource(entry), to: target.path, ApplyOptions(.overlay(lowers: [lower.path]), warn: { warnings.append("\($0): \($1)") }))
  #expect(!(try isOpaque(target, "d")))
  #expect(try target.status("c") == nil)
  #expect(warnings.count == 2)
}

@Test func timesOfDirectoriesStayAndComeLast() throws {
  let target = try TemporaryDirectory()
  try target.makeDirectory("old")
  try target.open().setModified(of: "old", Timestamp(seconds: 11))
  var made = directory("made")
  made.modified = Timestamp(seconds: 22)
  _ = try apply(
    try layer { writer in
      try writer.add(made)
      try writer.add(file("made/f"))
      try writer.add(file("old/f"))
    }, target)
  #expect(try target.status("old")?.modified == Timestamp(seconds: 11))
  #expect(try target.status("made")?.modified == Timestamp(seconds: 22))
}

@Test func capabilitiesAndSetUserIDSurviveTheOwner() throws {
  let target = try TemporaryDirectory()
  // vfs_cap_data of cap_net_raw=ep.
  let capability: [UInt8] = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  var entry = TarEntry("f", .regular, mode: 0o6755, userID: 5, groupID: 6)
  entry.attributes = [ExtendedAttribute("security.capability", capability)]
  _ = try apply(try layer { try $0.add(entry, bytes: [1]) }, target)
  let status = try #require(try target.status("f"))
  #expect(status.permissions == 0o6755 && status.userID == 5)
  #expect(try target.open().extendedAttributes(of: "f") == entry.attributes)
}

@Test func deepTreesAreAppliedPackedAndRemoved() throws {
  let target = try TemporaryDirectory()
  var path = BytePath([])
  let bytes = try layer { writer in
    for _ in 0..<1500 {
      path = path.appending([0x64])
      try writer.add(directory(path))
    }
  }
  _ = try apply(bytes, target)
  let root = try target.open()
  let again = try layer { try $0.addTree(root) }
  #expect(try entries(again).count == 1501)
  try root.removeTree("d")
  #expect(try root.entries().isEmpty)
}

@Test func archivesOfOtherCompressionsAreOpened() throws {
  // printf hello | xz: no tar inside. And what only begins like one.
  #expect(try openArchive(MemorySource([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 1, 2, 3])) == nil)
  #expect(try openArchive(MemorySource(Array("BZhello".utf8))) == nil)
  #expect(try openArchive(MemorySource(Array("text".utf8))) == nil)
  let bytes = try layer(.zstd) { try $0.add(file("f")) }
  let reader = try #require(try openArchive(MemorySource(bytes)))
  #expect(try reader.next()?.path == "f")
}
