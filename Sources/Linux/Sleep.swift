internal import Glibc

/// nanosleep(2), the whole time whatever signals arrive.
package func sleepNanoseconds(_ nanoseconds: UInt64) {
  var wanted = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
  var rest = timespec()
  while unsafe nanosleep(&wanted, &rest) != 0, errno == EINTR { wanted = rest }
}
