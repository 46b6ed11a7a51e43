internal import CLinux

/// Closes every descriptor from `first` on, whoever owns it (close_range(2)): for a child that begins a life of its own.
package func closeDescriptors(from first: Int32) throws(SystemError) {
  try nothingOrError("close_range", "from \(first)") { clinux_close_range(UInt32(first), .max, 0) }
}
