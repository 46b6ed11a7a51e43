extension Program {
  /// A script that completes verbs and options, made from the same tables that parse them.
  func completionScript(_ shell: String) throws(UsageError) -> String {
    switch shell {
    case "bash": bashCompletion
    case "zsh": "#compdef \(name)\nautoload -U +X bashcompinit && bashcompinit\n" + bashCompletion
    case "fish": fishCompletion
    default: throw UsageError("'\(shell)': completions are for bash, zsh and fish")
    }
  }

  private func words(_ options: [Option]) -> String {
    options.flatMap(\.names).map { $0.count == 1 ? "-" + $0 : "--" + $0 }.joined(separator: " ")
  }

  private var bashCompletion: String {
    let function = "_" + name.replacing("-", with: "_")
    func reply(_ words: String) -> String { "COMPREPLY=($(compgen -o default -W '\(words)' -- \"$word\")) ;;" }
    var script = "\(function)() {\n  local word=${COMP_WORDS[COMP_CWORD]} verb= i\n"
    script +=
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n    case ${COMP_WORDS[i]} in -*) ;; *) verb=${COMP_WORDS[i]}; break ;; esac\n  done\n"
    script += "  case $verb in\n"
    script += "  '') \(reply("\(verbs.map(\.name).joined(separator: " ")) \(words(globals)) --help --version"))\n"
    for verb in verbs {
      let names = ([verb.name] + verb.aliases).joined(separator: "|")
      script += "  \(names)) \(reply("\(words(verb.table.options + globals)) --help"))\n"
    }
    return script + "  esac\n}\ncomplete -o default -F \(function) \(name)"
  }

  private var fishCompletion: String {
    func line(_ condition: String, _ option: Option) -> String {
      let names = option.names.map { $0.count == 1 ? "-s \($0)" : "-l \($0)" }.joined(separator: " ")
      return "complete -c \(name) -n '\(condition)' \(names) -d \"\(option.help.replacing("\"", with: "'"))\""
    }
    var lines = verbs.map { "complete -c \(name) -n __fish_use_subcommand -a \($0.name) -d \"\($0.summary)\"" }
    lines += globals.map { line("true", $0) }
    for verb in verbs { lines += verb.table.options.map { line("__fish_seen_subcommand_from \(verb.name)", $0) } }
    return lines.joined(separator: "\n")
  }
}
