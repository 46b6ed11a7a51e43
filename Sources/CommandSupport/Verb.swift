/// One verb of a tool: its place in the help, its options, and what it does.
package struct Verb: Sendable {
  package let name: String
  /// Other names for the same verb (`rm` for `delete`).
  package let aliases: [String]
  /// What stands after the name in the usage line: `[OPTIONS] CONTAINER`.
  package let operands: String
  /// One line, no full stop.
  package let summary: String
  package let table: OptionTable
  /// How many operands the verb takes; others are a usage error in docker's words.
  package let operandCount: ClosedRange<Int>
  /// The exit code for a wrong command line where it is not the program's (docker's 125).
  package let usageExit: Int32?
  /// Does the work; the value is the exit code. An error is printed as `tool: error` with exit code 1.
  package let run: @Sendable (ParsedOptions) throws -> Int32

  package init(
    _ name: String, aliases: [String] = [], _ operands: String, _ summary: String, options: [Option] = [],
    order: OptionTable.Order = .anywhere, operandCount: ClosedRange<Int> = 0...Int.max,
    usageExit: Int32? = nil, run: @escaping @Sendable (ParsedOptions) throws -> Int32
  ) {
    self.name = name
    self.aliases = aliases
    self.operands = operands
    self.summary = summary
    table = OptionTable(options, order: order)
    self.operandCount = operandCount
    self.usageExit = usageExit
    self.run = run
  }
}
