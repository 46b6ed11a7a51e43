import JSON
import OCIRuntimeSpec
import Testing

@Suite struct RefusalTests {
  /// One value of the full configuration is replaced; decoding must fail with its path.
  @Test(
    arguments: [
      (["linux", "namespaces", 2, "type"], "x", "linux.namespaces[2].type: unknown value 'x'"),
      (["linux", "namespaces", 0, "type"], nil, "linux.namespaces[0].type: expected a string, found null"),
      (["linux", "seccomp", "defaultAction"], "SCMP_ACT_X", "linux.seccomp.defaultAction: unknown value 'SCMP_ACT_X'"),
      (["linux", "seccomp", "syscalls", 1, "action"], "allow", "linux.seccomp.syscalls[1].action: unknown value 'allow'"),
      (["linux", "seccomp", "syscalls", 1, "args", 0, "op"], "==", "linux.seccomp.syscalls[1].args[0].op: unknown value '=='"),
      (["linux", "seccomp", "syscalls", 0, "names", 1], 7, "linux.seccomp.syscalls[0].names[1]: expected a string, found 7"),
      (["linux", "seccomp", "architectures", 0], "x86_64", "linux.seccomp.architectures[0]: unknown value 'x86_64'"),
      (["linux", "seccomp", "flags", 0], "", "linux.seccomp.flags[0]: unknown value ''"),
      (["linux", "devices", 0, "type"], "d", "linux.devices[0].type: unknown value 'd'"),
      (["linux", "resources", "devices", 1, "type"], "p", "linux.resources.devices[1].type: unknown value 'p'"),
      (["linux", "resources", "memory", "limit"], "1g", "linux.resources.memory.limit: expected an integer, found '1g'"),
      (
        ["linux", "resources", "blockIO", "weight"], 65536,
        "linux.resources.blockIO.weight: 65536 is not an integer from 0 to 65535"
      ),
      (["linux", "rootfsPropagation"], "none", "linux.rootfsPropagation: unknown value 'none'"),
      (["linux", "personality", "domain"], "BSD", "linux.personality.domain: unknown value 'BSD'"),
      (
        ["linux", "timeOffsets", "monotonic", "nanosecs"], -1,
        "linux.timeOffsets.monotonic.nanosecs: -1 is not an integer from 0 to 4294967295"
      ),
      (["process", "rlimits", 0, "type"], "RLIMIT_X", "process.rlimits[0].type: unknown value 'RLIMIT_X'"),
      (["process", "scheduler", "policy"], "SCHED_X", "process.scheduler.policy: unknown value 'SCHED_X'"),
      (["process", "scheduler", "flags", 1], "X", "process.scheduler.flags[1]: unknown value 'X'"),
      (["process", "ioPriority", "class"], "X", "process.ioPriority.class: unknown value 'X'"),
      (["process", "user", "uid"], "root", "process.user.uid: expected an integer, found 'root'"),
      (["process", "cwd"], nil, "process.cwd: expected a string, found null"),
      (["process", "args"], "sh", "process.args: expected an array, found 'sh'"),
      (["mounts", 1, "options"], "ro", "mounts[1].options: expected an array, found 'ro'"),
      (
        ["hooks", "poststop", 0, "timeout"], .number(.literal("1.5")),
        "hooks.poststop[0].timeout: 1.5 is not an integer from \(Int.min) to \(Int.max)"
      ),
      (["annotations", "org.example.a"], true, #"annotations["org.example.a"]: expected a string, found true"#),
      (["root", "path"], [], "root.path: expected a string, found an array"),
      (["linux"], [], "linux: expected an object, found an array"),
      (["ociVersion"], "2.0.0", "ociVersion: '2.0.0' is not a version of the runtime specification that is understood (1.x.y)"),
    ] as [([Step], JSONValue, String)])
  func carriesThePath(path: [Step], value: JSONValue, message: String) throws {
    let document = replacing(path[...], in: try JSONValue(parsing: fullConfiguration()), with: value)
    let error = try #require(throws: JSONError.self) { try decodeJSON(RuntimeConfiguration.self, from: document) }
    #expect(error.description == message)
  }

  private func replacing(_ path: ArraySlice<Step>, in value: JSONValue, with replacement: JSONValue) -> JSONValue {
    switch (path.first, value) {
    case (.key(let key), .object(var object)):
      object[key] = replacing(path.dropFirst(), in: object[key] ?? .null, with: replacement)
      return .object(object)
    case (.index(let index), .array(var values)):
      values[index] = replacing(path.dropFirst(), in: values[index], with: replacement)
      return .array(values)
    default: return replacement
    }
  }

  @Test(arguments: [
    ("{}", "ociVersion: missing"),
    (#"{"ociVersion":"1.0.0","process":{}}"#, "process.cwd: missing"),
    (#"{"ociVersion":"1.0.0","mounts":[{}]}"#, "mounts[0].destination: missing"),
    (#"{"ociVersion":"1.0.0","linux":{"namespaces":[{}]}}"#, "linux.namespaces[0].type: missing"),
    (#"{"ociVersion":"1.0.0","hooks":{"poststop":[{"args":[]}]}}"#, "hooks.poststop[0].path: missing"),
  ])
  func missingProperties(text: String, message: String) throws {
    let error = try #require(throws: JSONError.self) {
      try decodeJSON(RuntimeConfiguration.self, from: Array(text.utf8))
    }
    #expect(error.description == message)
  }
}

/// A step into a document, written as a literal.
enum Step: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, Sendable {
  case key(String)
  case index(Int)

  init(stringLiteral value: String) { self = .key(value) }
  init(integerLiteral value: Int) { self = .index(value) }
}
