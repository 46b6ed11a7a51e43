package import JSON

/// One of the project's tools in its part as a CNI plugin.
package protocol CNIPlugin {
  /// The answer, nil for nothing.
  func add(_ call: CNIInvocation) throws(CNIError) -> JSONValue?
  func delete(_ call: CNIInvocation) throws(CNIError)
  func check(_ call: CNIInvocation) throws(CNIError)
  func collect(_ call: CNIInvocation) throws(CNIError)
  func status(_ call: CNIInvocation) throws(CNIError)
}

extension CNIPlugin {
  /// Answers one call.
  ///
  /// - Returns: what to print, and whether it is an error.
  package func answer(
    command: String, environment: (String) -> String?, input: [UInt8]
  ) -> (output: JSONValue?, failed: Bool) {
    var version = CNIInvocation.supportedVersions.last ?? ""
    do throws(CNIError) {
      if let asked = (try? JSONValue(parsing: input))?["cniVersion"]?.stringValue { version = asked }
      let call = try CNIInvocation(command: command, environment: environment, input: input)
      switch call.command {
      case .add: return (try add(call), false)
      case .delete: try delete(call)
      case .check: try needs("0.4.0", call); try check(call)
      case .collect: try needs("1.1.0", call); try collect(call)
      case .status: try needs("1.1.0", call); try status(call)
      case .version:
        return (["cniVersion": .string(version), "supportedVersions": .array(CNIInvocation.supportedVersions.map { .string($0) })], false)
      }
      return (nil, false)
    } catch {
      return (error.json(version: version), true)
    }
  }

  private func needs(_ version: String, _ call: CNIInvocation) throws(CNIError) {
    let all = CNIInvocation.supportedVersions
    guard let wanted = all.firstIndex(of: version), let given = all.firstIndex(of: call.version), given >= wanted else {
      throw CNIError(.incompatibleVersion, "config version does not allow \(call.command.rawValue)", details: "it came with \(version)")
    }
  }
}
