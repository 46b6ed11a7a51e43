/// `HEALTHCHECK [flags] CMD command`, or `HEALTHCHECK NONE`.
package struct HealthcheckInstruction: Hashable, Sendable, InstructionBody {
  package var name: String { "HEALTHCHECK" }
  /// nil for `NONE`.
  package var command: CommandForm?
  package var interval: GoDuration?
  package var timeout: GoDuration?
  package var startPeriod: GoDuration?
  package var startInterval: GoDuration?
  package var retries: Int?

  /// `NONE`, or `CMD command`.
  package init(_ command: CommandForm?) { self.command = command }

  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    try context.atLeastOne(node)
    let type = node.arguments[0]
    if type.text.uppercased() == "NONE" {
      if node.arguments.count > 1 {
        throw context.fault("HEALTHCHECK NONE takes no arguments", at: node.arguments[1])
      }
      return
    }
    let flags = try context.flags(
      node, ["interval": .string, "timeout": .string, "start-period": .string, "start-interval": .string, "retries": .string])
    guard type.text.uppercased() == "CMD" else {
      throw context.fault(
        "unknown type '\(type.text)' of HEALTHCHECK, expected CMD or NONE",
        suggestion: suggest(type.text, among: ["CMD", "NONE"], ignoringCase: true),
        at: type)
    }
    let words = node.arguments.dropFirst().map(\.text)
    if words.isEmpty { throw context.fault("HEALTHCHECK CMD needs a command", at: type) }
    command = node.isJSON ? .exec(words) : .shell(words.joined(separator: " "))
    interval = try context.duration(flags.piece("interval"), "--interval")
    timeout = try context.duration(flags.piece("timeout"), "--timeout")
    startPeriod = try context.duration(flags.piece("start-period"), "--start-period")
    startInterval = try context.duration(flags.piece("start-interval"), "--start-interval")
    if let piece = flags.piece("retries"), !piece.text.isEmpty {
      guard let number = Int32(piece.text), number >= 0 else {
        throw context.fault("--retries is '\(piece.text)', expected a number from 0 up", at: piece)
      }
      retries = Int(number)
    }
  }

  init(from members: Members) throws {
    switch try members.required("type", as: String.self) {
    case "NONE": command = nil
    case "CMD": command = try members.required("command", as: CommandForm.self)
    case let type: throw members.fault("type '\(type)' is neither CMD nor NONE", at: "type")
    }
    interval = try members.optional("interval")
    timeout = try members.optional("timeout")
    startPeriod = try members.optional("startPeriod")
    startInterval = try members.optional("startInterval")
    retries = try members.optional("retries")
    if command == nil, interval ?? timeout ?? startPeriod ?? startInterval != nil || retries != nil {
      throw members.fault("HEALTHCHECK NONE takes no options")
    }
    if let retries, !(0...Int(Int32.max)).contains(retries) { throw members.fault("retries is out of range", at: "retries") }
  }

  func write(to members: inout MemberWriter) {
    members.string("type", command == nil ? "NONE" : "CMD")
    members.string("interval", interval?.description)
    members.string("timeout", timeout?.description)
    members.string("startPeriod", startPeriod?.description)
    members.string("startInterval", startInterval?.description)
    members.integer("retries", retries)
    if let command { members.command(command) }
  }

  static let memberNames = ["type", "interval", "timeout", "startPeriod", "startInterval", "retries", "command"]
}

extension InstructionContext {
  /// A duration of HEALTHCHECK: 0 or at least a millisecond.
  func duration(_ piece: Piece?, _ flag: String) throws(DockerfileError) -> GoDuration? {
    guard let piece, !piece.text.isEmpty else { return nil }
    guard let duration = GoDuration(piece.text) else {
      throw fault("\(flag) is '\(piece.text)', expected a duration such as 30s or 1m30s", at: piece)
    }
    if duration.nanoseconds != 0, duration.nanoseconds < 1_000_000 { throw fault("\(flag) cannot be less than 1ms", at: piece) }
    return duration
  }
}
