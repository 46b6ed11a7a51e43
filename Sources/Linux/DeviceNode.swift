internal import CLinux

/// major(3) and minor(3) of a device number.
package func deviceNumbers(_ device: UInt64) -> (major: UInt32, minor: UInt32) { (clinux_major(device), clinux_minor(device)) }
