package import JSON

/// An error as a CNI plugin answers it: on standard output, with a code that tells the runtime what to do (CNI spec 1.1, "Error").
package struct CNIError: Error, Hashable, Sendable {
  package enum Code: Int, Sendable {
    case incompatibleVersion = 1
    case unsupportedField = 2
    case unknownContainer = 3
    case invalidEnvironment = 4
    case inputOutput = 5
    case decoding = 6
    case invalidConfiguration = 7
    case tryAgainLater = 11
    case notAvailable = 50
    /// Ours: the port or address is somebody else's.
    case conflict = 100
    /// Ours: CHECK found something missing or changed.
    case checkFailed = 101
    /// Ours: the kernel refused.
    case failure = 102
  }

  package let code: Code
  package let message: String
  package let details: String

  package init(_ code: Code, _ message: String, details: String = "") {
    self.code = code
    self.message = message
    self.details = details
  }

  init(_ error: NetworkError) {
    let code: Code =
      switch error.kind {
      case .invalid: .invalidConfiguration
      case .notFound: .unknownContainer
      case .conflict: .conflict
      case .failure: .failure
      }
    self.init(code, error.description)
  }

  package func json(version: String) -> JSONValue {
    var value: JSONValue = ["cniVersion": .string(version), "code": .integer(code.rawValue), "msg": .string(message)]
    if !details.isEmpty { value["details"] = .string(details) }
    return value
  }
}

/// Runs `body` with its errors as a CNI plugin answers them.
func answeringCNI<Value: ~Copyable>(_ body: () throws(NetworkError) -> Value) throws(CNIError) -> Value {
  do { return try body() } catch { throw CNIError(error) }
}
