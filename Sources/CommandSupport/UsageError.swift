/// A command line that does not fit the option table; the texts are those of docker's own parser (spf13/pflag).
package struct UsageError: Error, Equatable, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }

  /// Not an error: the user asked for help.
  static let help = UsageError("--help")
}
