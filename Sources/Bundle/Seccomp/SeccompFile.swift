internal import JSON
internal import Linux
internal import OCIRuntimeSpec
internal import SystemPackage

extension SeccompProfile {
  /// A profile from a file: docker's format, of which the runtime specification's is a part.
  package init(file path: String) throws(BundleError) {
    let content: [UInt8]
    do { content = try readFile(FilePath(path)) } catch {
      throw .refused("opening seccomp profile (\(path)) failed: open \(path): \(error.errno)")
    }
    let file: File
    do { file = try decodeJSON(File.self, from: content) } catch {
      throw .refused("decoding seccomp profile (\(path)) failed: \(error)")
    }
    if file.architectures?.isEmpty == false, file.archMap?.isEmpty == false {
      throw .refused(
        "seccomp profile (\(path)): both 'architectures' and 'archMap' are specified in the seccomp profile, use either 'architectures' or 'archMap'"
      )
    }
    defaultAction = file.defaultAction
    defaultErrno = file.defaultErrnoRet
    architectures = file.archMap?.map { ($0.architecture, $0.subArchitectures ?? []) } ?? []
    // A plain list holds for whatever machine reads it.
    if let list = file.architectures { architectures = list.map { native in (native, list.filter { $0 != native }) } }
    flags = file.flags
    rules = []
    for syscall in file.syscalls ?? [] { rules.append(try syscall.rule(path)) }
  }
}

private struct File: Decodable {
  var defaultAction: SeccompConfiguration.Action
  var defaultErrnoRet: UInt32?
  var architectures: [SeccompConfiguration.Architecture]?
  var archMap: [ArchitectureMap]?
  var flags: [SeccompConfiguration.Flag]?
  var syscalls: [Syscall]?
}

private struct ArchitectureMap: Decodable {
  var architecture: SeccompConfiguration.Architecture
  var subArchitectures: [SeccompConfiguration.Architecture]?
}

private struct Syscall: Decodable {
  var name: String?
  var names: [String]?
  var action: SeccompConfiguration.Action
  var errnoRet: UInt32?
  var args: [SeccompConfiguration.Argument]?
  var includes: Filter?
  var excludes: Filter?

  func rule(_ path: String) throws(BundleError) -> SeccompRule {
    if name != nil, names?.isEmpty == false {
      throw .refused(
        "seccomp profile (\(path)): both 'name' and 'names' are specified in the seccomp profile, use either 'name' or 'names'")
    }
    var rule = SeccompRule(names: names ?? name.map { [$0] } ?? [])
    rule.action = action.rawValue
    rule.errno = errnoRet
    rule.arguments = (args ?? []).map {
      SeccompRule.Argument(index: $0.index, comparison: $0.op.rawValue, value: $0.value, valueTwo: $0.valueTwo)
    }
    rule.includes = try includes?.condition(path) ?? SeccompRule.Condition()
    rule.excludes = try excludes?.condition(path) ?? SeccompRule.Condition()
    return rule
  }
}

private struct Filter: Decodable {
  var caps: [String]?
  var arches: [String]?
  var minKernel: String?

  func condition(_ path: String) throws(BundleError) -> SeccompRule.Condition {
    var condition = SeccompRule.Condition(architectures: arches ?? [], capabilities: caps ?? [])
    if let text = minKernel {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
      guard parts.count == 2, let major = parts[0], let minor = parts[1] else {
        throw .refused("seccomp profile (\(path)): invalid kernel version: \(goQuoted(text))")
      }
      condition.minimumKernel = [major, minor]
    }
    return condition
  }
}
