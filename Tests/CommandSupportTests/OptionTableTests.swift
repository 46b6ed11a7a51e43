import Testing

@testable import CommandSupport

@Suite struct OptionTableTests {
  let table = OptionTable(
    [
      .flag("interactive", "i", help: ""), .flag("tty", "t", help: ""), .flag("rm", help: ""),
      .value("name", placeholder: "NAME", help: ""), .list("env", "e", placeholder: "VARIABLE", help: ""),
      .value("bundle", "b", placeholder: "DIR", help: ""),
    ], order: .beforeOperands)

  @Test(arguments: [
    ["--bundle", "d"], ["--bundle=d"], ["-b", "d"], ["-b=d"], ["-bd"], ["-bundle", "d"], ["-bundle=d"],
  ])
  func everySpellingOfAValue(_ arguments: [String]) throws {
    let parsed = try table.parse(arguments)
    #expect(parsed.value("bundle") == "d")
    #expect(parsed.operands.isEmpty)
  }

  @Test func lettersCombine() throws {
    let parsed = try table.parse(["-ite", "A=1", "image", "-i"])
    #expect(parsed.flag("interactive") && parsed.flag("tty"))
    #expect(parsed.values("env") == ["A=1"])
    #expect(parsed.operands == ["image", "-i"])
  }

  @Test func flagsCanBeUnset() throws {
    #expect(try !table.parse(["--rm", "--rm=false"]).flag("rm"))
    #expect(try table.parse(["--rm=true"]).flag("rm"))
  }

  @Test func lastValueCountsAndListsKeepOrder() throws {
    let parsed = try table.parse(["--name", "a", "-e", "X=1", "--name=b", "-eY=2"])
    #expect(parsed.value("name") == "b")
    #expect(parsed.values("env") == ["X=1", "Y=2"])
  }

  @Test(arguments: [
    (["--nope"], "unknown flag: --nope"),
    (["-ix"], "unknown shorthand flag: 'x' in -ix"),
    (["--name"], "flag needs an argument: --name"),
    (["-e"], "flag needs an argument: 'e' in -e"),
    (["--rm=x"], "invalid argument \"x\" for \"--rm\" flag: strconv.ParseBool: parsing \"x\": invalid syntax"),
  ])
  func errorsAreDockers(_ arguments: [String], _ message: String) {
    #expect(throws: UsageError(message)) { try table.parse(arguments) }
  }

  @Test func doubleDashEndsOptionsAndDashIsAnOperand() throws {
    #expect(try table.parse(["--", "--rm"]).operands == ["--rm"])
    #expect(try OptionTable([.flag("x", help: "")]).parse(["-", "-x"]).operands == ["-"])
  }

  @Test func optionsAroundTheFirstOperand() throws {
    let update = OptionTable([.value("memory", placeholder: "N", help: "")], order: .aroundFirstOperand)
    let parsed = try update.parse(["id", "--memory", "1", "sh", "--memory", "2"])
    #expect(parsed.value("memory") == "1")
    #expect(parsed.operands == ["id", "sh", "--memory", "2"])
  }
}
