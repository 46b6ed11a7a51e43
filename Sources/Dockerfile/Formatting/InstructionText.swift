/// Writes instructions in the canonical form: capitals, single blanks, one line and the here-documents after it.
struct InstructionText {
  let escape: EscapeCharacter

  func text(_ from: FromInstruction) -> String {
    words(["FROM"] + flag("platform", from.platform) + [from.image] + (from.stageName.map { ["AS", $0] } ?? []))
  }

  func text(_ kind: Instruction.Kind) -> String {
    switch kind {
    case .add(let body):
      let flags =
        flag("keep-git-dir", body.keepGitDir) + flag("checksum", body.checksum) + flag("unpack", body.unpack)
        + common(body.chown, body.chmod, body.link, body.exclude)
      return copy("ADD", flags, body.sources, body.heredocs, body.destination)
    case .copy(let body):
      let flags = flag("from", body.from) + flag("parents", body.parents) + common(body.chown, body.chmod, body.link, body.exclude)
      return copy("COPY", flags, body.sources, body.heredocs, body.destination)
    case .run(let body): return run(body)
    case .cmd(let body): return words(["CMD"] + command(body.command))
    case .entrypoint(let body): return words(["ENTRYPOINT"] + command(body.command))
    case .shell(let body): return words(["SHELL", json(body.command)])
    case .env(let body): return words(["ENV"] + pairs(body.variables, body.isLegacy))
    case .label(let body): return words(["LABEL"] + pairs(body.labels, body.isLegacy))
    case .arg(let body): return words(["ARG"] + body.arguments.map { $0.name + ($0.value.map { "=" + $0 } ?? "") })
    case .expose(let body): return words(["EXPOSE"] + body.ports)
    case .volume(let body): return words(["VOLUME"] + list(body.volumes))
    case .healthcheck(let body): return healthcheck(body)
    case .maintainer(let body): return words(["MAINTAINER", body.maintainer])
    case .onbuild(let body): return words(["ONBUILD", body.expression])
    case .stopsignal(let body): return words(["STOPSIGNAL", body.signal])
    case .user(let body): return words(["USER", body.user])
    case .workdir(let body): return words(["WORKDIR", body.path])
    }
  }

  private func run(_ body: RunInstruction) -> String {
    let flags =
      body.mounts.flatMap { flag("mount", fields($0.options.map { option in option.key + (option.value.map { "=" + $0 } ?? "") })) }
      + flag("network", body.network?.rawValue) + flag("security", body.security?.rawValue)
      + body.devices.flatMap { flag("device", fields(["name=" + $0.name] + ($0.required ? ["required"] : []))) }
    return words(["RUN"] + flags + command(body.command)) + bodies(body.heredocs)
  }

  private func healthcheck(_ body: HealthcheckInstruction) -> String {
    guard let command = body.command else { return "HEALTHCHECK NONE" }
    let flags =
      flag("interval", body.interval?.description) + flag("timeout", body.timeout?.description)
      + flag("start-period", body.startPeriod?.description) + flag("start-interval", body.startInterval?.description)
      + flag("retries", body.retries.map { String($0) })
    return words(["HEALTHCHECK"] + flags + ["CMD"] + self.command(command, guarded: false))
  }

  private func copy(_ name: String, _ flags: [String], _ sources: [String], _ heredocs: [Heredoc], _ destination: String) -> String {
    let words = sources + heredocs.map { Self.word($0) } + [destination]
    return self.words([name] + flags + (heredocs.isEmpty ? list(words) : words)) + bodies(heredocs)
  }

  private func common(_ chown: String?, _ chmod: String?, _ link: Bool?, _ exclude: [String]) -> [String] {
    flag("chown", chown) + flag("chmod", chmod) + flag("link", link) + exclude.flatMap { flag("exclude", $0) }
  }

  private func words(_ words: [String]) -> String { words.filter { !$0.isEmpty }.joined(separator: " ") }

  private func flag(_ name: String, _ value: String?) -> [String] { value.map { ["--\(name)=" + quoted($0)] } ?? [] }
  private func flag(_ name: String, _ value: Bool?) -> [String] { value.map { ["--\(name)" + ($0 ? "" : "=false")] } ?? [] }

  /// A flag's value; quotes where blanks or quotes are in it, the escape character before what would end it.
  private func quoted(_ value: String) -> String {
    let needsQuotes = value.utf8.contains { $0.isSpace || $0 == Byte.doubleQuote || $0 == Byte.singleQuote }
    var text = ""
    for character in value.unicodeScalars {
      if character == "\"" || String(Character(character)) == escape.rawValue { text += escape.rawValue }
      text.unicodeScalars.append(character)
    }
    return needsQuotes ? "\"\(text)\"" : text
  }

  /// Comma-separated values; those with a comma or a quote in double quotes.
  private func fields(_ values: [String]) -> String {
    values.map { value in
      guard value.utf8.contains(where: { $0 == Byte.comma || $0 == Byte.doubleQuote }) else { return value }
      return "\"" + value.replacing("\"", with: "\"\"") + "\""
    }.joined(separator: ",")
  }

  private func pairs(_ variables: [Variable], _ isLegacy: Bool) -> [String] {
    variables.map { $0.name + (isLegacy ? " " : "=") + $0.value }
  }

  private func command(_ command: CommandForm, guarded: Bool = true) -> [String] {
    switch command {
    case .exec(let words): [json(words)]
    case .shell(let text): guarded && text.hasPrefix("--") ? ["--", text] : [text]
    }
  }

  /// Plain words where they can stand, else a JSON array.
  private func list(_ words: [String]) -> [String] {
    let arePlain = words.allSatisfy { word in
      !word.isEmpty && !word.utf8.contains { $0.isSpace || $0 < 0x20 } && !word.utf8.starts(with: "<<".utf8)
    }
    if arePlain, let first = words.first, !first.hasPrefix("--"), !first.hasPrefix("[") { return words }
    return [json(words)]
  }

  private func json(_ words: [String]) -> String { "[" + words.map { jsonString($0) }.joined(separator: ", ") + "]" }

  static func word(_ heredoc: Heredoc) -> String {
    let number = heredoc.fileDescriptor > 0 ? String(heredoc.fileDescriptor) : ""
    return number + "<<" + (heredoc.stripsTabs ? "-" : "") + (heredoc.expand ? heredoc.name : "\"\(heredoc.name)\"")
  }

  private func bodies(_ heredocs: [Heredoc]) -> String {
    heredocs.map { "\n" + $0.body + $0.name }.joined()
  }
}

extension Instruction {
  /// The instruction in the canonical form.
  package func text(escape: EscapeCharacter) -> String { InstructionText(escape: escape).text(kind) }
}
