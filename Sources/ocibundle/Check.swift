internal import Bundle
internal import CommandSupport

let check = Verb(
  "check", "[OPTIONS]", "Say what is left of containers that are gone or do not run; then exit 1", operandCount: 0...0
) { options in
  let found = try leftovers(try places(options))
  for line in found { print(line) }
  return found.isEmpty ? ExitCode.success : ExitCode.failure
}
