import Linux
import OCIRuntimeSpec
import SystemPackage
import Testing

@testable import Runtime

/// On a directory that stands for resctrl: the kernel's has files in each new directory, these are made by hand.
@Suite struct ResourceControlTests {
  let root = FilePath("/tmp/resctrl-\(processID)-\(UInt32.random(in: 0...UInt32.max))")

  func control(_ configuration: IntelRdt) throws -> ResourceControl { try ResourceControl(configuration, id: "box", root: root) }

  @Test func theClassIsTheContainersWhereItHasNoName() throws {
    try makeDirectories(root.appending("box"), mode: 0o755)
    defer { try? removeTree(root) }
    let control = try control(IntelRdt(enableMonitoring: true))
    #expect(control.directory == root.appending("box"))
    #expect(control.isOwn)
    #expect(try control.make() == ["\(root)/box/mon_groups/box"])
    for place in ["box/tasks", "box/mon_groups/box/tasks"] { try replaceFile(root.pushing(FilePath(place)), with: [], durable: false) }
    try control.add(process: 17)
    for place in ["box/tasks", "box/mon_groups/box/tasks"] { #expect(try readFile(root.pushing(FilePath(place))) == Array("17".utf8)) }
  }

  @Test func aNamedClassMustBeThereOrHaveSchemata() throws {
    try makeDirectories(root, mode: 0o755)
    defer { try? removeTree(root) }
    #expect(throws: RuntimeError.property("linux.intelRdt.closID", "'\(root)/gold' does not exist")) {
      try control(IntelRdt(closID: "gold")).make()
    }
    try makeDirectories(root.appending("gold"), mode: 0o755)
    try replaceFile(root.pushing("gold/schemata"), with: Array("    L3:0=f;1=f\n    MB:0=20\n".utf8), durable: false)
    #expect(try control(IntelRdt(closID: "gold", schemata: ["MB:0=20"])).make() == [])
    #expect(throws: RuntimeError.property("linux.intelRdt.schemata", "'MB:0=30' is not what '\(root)/gold/schemata' has")) {
      try control(IntelRdt(closID: "gold", schemata: ["MB:0=30"])).make()
    }
  }

  @Test func bandwidthHasTheLastWord() {
    #expect(ResourceControl.lines(["L2:0=f"], l3: "L3:0=f\nMB:0=10", bandwidth: "MB:0=20") == ["L2:0=f", "L3:0=f", "MB:0=20"])
    #expect(ResourceControl.lines(nil, l3: "L3:0=f\nMB:0=10", bandwidth: nil) == ["L3:0=f", "MB:0=10"])
  }

  @Test(arguments: ["..", "a/b", ".", "a\nb"]) func aNameThatLeadsElsewhereIsRefused(_ name: String) {
    #expect(throws: RuntimeError.self) { try control(IntelRdt(closID: name)) }
  }
}
