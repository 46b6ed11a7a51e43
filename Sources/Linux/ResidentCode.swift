internal import Glibc
internal import SystemPackage

/// Lets go of the pages of the program's own code that are in memory for this process (madvise(2), MADV_DONTNEED): for one that will wait
/// for a long time and has done what most of its code is for. What it needs again it gets from the page cache.
///
/// Only what is mapped executable and not writable: that is as it is in the file, in a program with fixed addresses as ours are.
package func releaseResidentCode() {
  guard let maps = try? readFile("/proc/self/maps", limit: 1 << 20) else { return }
  for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
    // 00400000-00bb0000 r-xp 00000000 fe:00 16458430   /usr/bin/ctrmon
    let fields = line.split(separator: " ", omittingEmptySubsequences: true)
    guard fields.count > 5, fields[1] == "r-xp", fields[5].hasPrefix("/") else { continue }
    let bounds = fields[0].split(separator: "-").compactMap { UInt(String($0), radix: 16) }
    guard bounds.count == 2, bounds[0] < bounds[1] else { continue }
    _ = unsafe madvise(UnsafeMutableRawPointer(bitPattern: bounds[0]), Int(bounds[1] - bounds[0]), MADV_DONTNEED)
  }
}
