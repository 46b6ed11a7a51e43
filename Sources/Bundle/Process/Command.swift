/// What a container executes, by docker's rules for ENTRYPOINT and CMD.
package struct Command: Hashable, Sendable {
  package let arguments: [String]

  /// - Parameters:
  ///   - flag: `--entrypoint`: replaces the image's entry point and takes its command away; empty takes the entry point away.
  ///   - operands: the words after IMAGE: they replace the image's command.
  package init(entrypoint: [String], command: [String], flag: String?, operands: [String]) throws(BundleError) {
    let first: [String], rest: [String]
    if let flag {
      first = flag.isEmpty ? [] : [flag]
      rest = operands
    } else {
      first = entrypoint
      rest = operands.isEmpty ? command : operands
    }
    arguments = first + rest
    guard let program = arguments.first else { throw .refused("no command specified") }
    if program.isEmpty { throw .refused("no command specified") }
  }
}

/// The variables of the container's configuration, as inspect shows them: the flags', then those of the image that no flag names.
package func configuredEnvironment(image: [String], flags: [String]) -> [String] {
  var variables: [String] = []
  for variable in flags {
    variables.removeAll { variableName($0) == variableName(variable) }
    variables.append(variable)
  }
  let named = Set(variables.map(variableName))
  return variables + image.filter { !named.contains(variableName($0)) }
}

/// The environment of the container's process: PATH, HOSTNAME and TERM, then what is configured, then HOME. A configured name with no
/// value takes the variable away.
package func processEnvironment(configured: [String], hostname: String, tty: Bool, home: String) -> [String] {
  var environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOSTNAME=\(hostname)"]
  if tty { environment.append("TERM=xterm") }
  for variable in configured {
    let name = variableName(variable)
    let index = environment.firstIndex { variableName($0) == name }
    if !variable.contains("=") {
      if let index { environment.remove(at: index) }
    } else if let index {
      environment[index] = variable
    } else {
      environment.append(variable)
    }
  }
  if !configured.contains(where: { variableName($0) == "HOME" }) { environment.append("HOME=\(home)") }
  return environment
}

func variableName(_ variable: String) -> String { variable.cut(at: "=")?.before ?? variable }
