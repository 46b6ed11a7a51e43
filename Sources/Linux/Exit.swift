internal import Glibc

/// Ends the process with `status`, running atexit(3) handlers.
package func exitProcess(_ status: Int32) -> Never { exit(status) }
