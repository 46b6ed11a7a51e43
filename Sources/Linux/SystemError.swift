package import SystemPackage

/// A system call that failed: which call, on what, and why. Prints as `open '/run/x': No such file or directory`.
package struct SystemError: Error, Hashable, CustomStringConvertible {
  /// The man page's name of the call (`open`, `mount`), or what was being done with it.
  package let call: String
  /// What the call was about, as a person would write it: `'/proc'`, `'proc' on '/proc'`, `pid 12`; nil where there is nothing to name.
  package let object: String?
  package let errno: Errno

  package init(_ call: String, _ object: String? = nil, _ errno: Errno) {
    self.call = call
    self.object = object
    self.errno = errno
  }

  package init(_ call: String, _ path: FilePath, _ errno: Errno) {
    self.init(call, quoted(path), errno)
  }

  package var description: String {
    if let object { return "\(call) \(object): \(errno)" }
    return "\(call): \(errno)"
  }
}

/// A path as diagnostics show it: in single quotes, bytes that are not UTF-8 replaced.
package func quoted(_ path: FilePath) -> String { "'\(path)'" }
package func quoted(_ name: String) -> String { "'\(name)'" }
