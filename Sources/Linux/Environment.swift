internal import CLinux
internal import Glibc

/// The process's own environment.
package enum Environment {
  /// getenv(3); nil where the variable is not set.
  package static subscript(name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Every `NAME=value`, in the order in which the kernel handed them over.
  package static var all: [String] {
    var variables: [String] = []
    guard var next = unsafe clinux_environ() else { return [] }
    while let variable = unsafe next.pointee {
      variables.append(unsafe String(cString: variable))
      unsafe next += 1
    }
    return variables
  }
}
