internal import JSON
internal import Linux
package import SystemPackage

/// What a runtime tells a hook about the container, on standard input (runtime-spec, runtime.md#state).
package struct ContainerState: Sendable {
  package let identifier: String
  /// In the namespace of the hook; nil where there is no process any more.
  package let processID: Int32?

  package init(_ content: [UInt8]) throws(NetworkError) {
    let json: JSONValue
    do { json = try JSONValue(parsing: content) } catch { throw NetworkError("the container's state on standard input", error) }
    guard let identifier = json["id"]?.stringValue, isValidName(identifier) else {
      throw NetworkError(.invalid, "the container's state on standard input has no usable 'id'")
    }
    self.identifier = identifier
    processID = json["pid"]?.integerValue.flatMap { Int32(exactly: $0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// The container's network namespace.
  package func namespacePath() throws(NetworkError) -> FilePath {
    guard let processID else {
      throw NetworkError(.invalid, "the state of container '\(identifier)' on standard input has no 'pid'")
    }
    return FilePath("/proc/\(processID)/ns/net")
  }
}
