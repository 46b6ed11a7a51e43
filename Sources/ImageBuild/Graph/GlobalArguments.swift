internal import Dockerfile
internal import OCIImageSpec

extension DockerfileDocument {
  /// What FROM can use: the automatic platform arguments, `--build-arg` for them, and the ARGs above the first FROM.
  func globalArguments(_ options: BuildOptions, target: String) throws(BuildError) -> EnvironmentList {
    var values = EnvironmentList()
    for (prefix, platform) in [("BUILD", Platform.host), ("TARGET", options.platform)] {
      values[prefix + "PLATFORM"] = platform.description
      values[prefix + "OS"] = platform.os
      values[prefix + "OSVERSION"] = platform.osVersion ?? ""
      values[prefix + "ARCH"] = platform.architecture
      values[prefix + "VARIANT"] = platform.variant ?? ""
    }
    values["TARGETSTAGE"] = target
    for (name, _) in values.variables { if let given = options.buildArguments[name] { values[name] = given } }
    for instruction in globalArguments {
      guard case .arg(let body) = instruction.kind else { continue }
      let place = options.place(instruction.source)
      for argument in body.arguments {
        do throws(BuildError) {
          if let given = options.buildArguments[argument.name] {
            values[argument.name] = given
          } else if let word = argument.value {
            values[argument.name] = try StageExpander(escape, values)(word)
          }
        } catch { throw error.at(place) }
      }
    }
    return values
  }
}

extension BuildOptions {
  /// `Dockerfile:7`; the name alone where the instruction came without a line.
  func place(_ source: InstructionSource) -> String { source.line.map { "\(dockerfile):\($0)" } ?? dockerfile }
}
