internal import CommandSupport
internal import Linux
internal import Network

let checkVerb = Verb(
  "check", "", "compare nftables with what is published and attached; says what is missing, and then exits 1", operandCount: 0...0
) { options in
  let problems = try NetworkStore(options).check()
  for problem in problems { printLine(problem) }
  return problems.isEmpty ? ExitCode.success : ExitCode.failure
}

let repairVerb = Verb(
  "repair", "", "put back into nftables what is published and attached, as after a firewall's reload", operandCount: 0...0
) { options in
  try NetworkStore(options).repair()
  return ExitCode.success
}
