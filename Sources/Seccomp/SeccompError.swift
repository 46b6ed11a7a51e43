package import Linux

/// What goes wrong with a seccomp profile, in the words of the configuration.
package enum SeccompError: Error, Hashable, CustomStringConvertible {
  /// A value of the profile cannot be meant: the property's path and why.
  case property(String, String)
  /// libseccomp refused: what was asked of it and its errno's text.
  case library(String, SystemError)
  case system(SystemError)

  package var description: String {
    switch self {
    case .property(let property, let reason): "\(property): \(reason)"
    case .library(let attempt, let error): "linux.seccomp: \(attempt): \(error)"
    case .system(let error): "linux.seccomp: \(error)"
    }
  }
}
