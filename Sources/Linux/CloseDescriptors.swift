internal import CLinux

/// Closes every descriptor from `first` on, whoever owns it (close_range(2)): for a child that begins a life of its own.
package func closeDescriptors(from first: Int32) throws(SystemError) {
  try nothingOrError("close_range", "from \(first)") { clinux_close_range(UInt32(first), .max, 0) }
}

/// The same with some left open, in any order.
package func closeDescriptors(from first: Int32, except kept: [Int32]) throws(SystemError) {
  var next = first
  for descriptor in kept.sorted() where descriptor >= next {
    if descriptor > next {
      try nothingOrError("close_range", "\(next) to \(descriptor - 1)") { clinux_close_range(UInt32(next), UInt32(descriptor - 1), 0) }
    }
    next = descriptor + 1
  }
  try closeDescriptors(from: next)
}
