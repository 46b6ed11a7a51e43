internal import Cgroups
internal import CommandSupport
internal import Linux
internal import Runtime
internal import SystemPackage

let specVerb = Verb(
  "spec", "[OPTIONS]", "write a config.json to start from",
  options: [
    .value("bundle", "b", placeholder: "DIR", help: "where to write it (default: the working directory)"),
    .flag("rootless", help: "for a container that an ordinary user runs"),
  ], operandCount: 0...0
) { options in
  try Invocation.run("spec", options) { invocation in
    let path = (invocation.path("bundle") ?? absolute(".")).appending("config.json")
    if (try? fileStatus(path, following: false)) != nil { throw RuntimeError.message("File config.json exists. Remove it first") }
    // `--rootless` is also an option of the program, which takes a word.
    let text = try defaultConfiguration(
      rootless: options.flag("rootless"), cgroupNamespace: (try? CgroupLayout.detect().mode) == .unified, userID: effectiveUserID,
      groupID: effectiveGroupID)
    do throws(SystemError) { try replaceFile(path, with: Array((text + "\n").utf8), mode: 0o666, durable: false) } catch {
      throw RuntimeError.system("spec", error)
    }
    return ExitCode.success
  }
}

let featuresVerb = Verb("features", "", "print what this runtime understands, as JSON", operandCount: 0...0) { options in
  try Invocation.run("features", options) { _ in
    printLine(try supportedFeatures())
    return ExitCode.success
  }
}

/// checkpoint and restore are an outside program's work that is not wired up.
let checkpointVerbs: [Verb] = ["checkpoint", "restore"].map { name in
  Verb(name, "CONTAINER", "not supported") { options in
    try Invocation.run(name, options) { _ in
      throw RuntimeError.message("\(name) is not supported: it needs criu, which runc-swift does not drive yet")
    }
  }
}
