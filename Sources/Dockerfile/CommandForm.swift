/// The command of RUN, CMD, ENTRYPOINT and HEALTHCHECK in one of the Dockerfile reference's two forms.
package enum CommandForm: Hashable, Sendable {
  /// Text for the stage's SHELL, continuation lines joined.
  case shell(String)
  /// The words of a JSON array, run as they are.
  case exec([String])
}

extension CommandForm: Decodable {
  /// A string is the shell form, an array of strings the exec form.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      self = .shell(text)
    } else {
      self = .exec(try container.decode([String].self))
    }
  }
}

extension MemberWriter {
  mutating func command(_ command: CommandForm) {
    switch command {
    case .shell(let text): string("command", text)
    case .exec(let words): strings("command", words, evenIfEmpty: true)
    }
  }
}
