internal import Linux
internal import SystemPackage

extension Cgroup {
  /// Removes the directories and every cgroup that the container made below them. Missing ones are no error.
  ///
  /// A directory stays busy for a moment after its last process has died, so EBUSY is tried again for up to `patience`
  /// nanoseconds, the processes that are left being none of ours to kill.
  package func remove(patience: UInt64 = 2_000_000_000) throws(CgroupError) {
    let deadline = monotonicNanoseconds() + patience
    var failure: CgroupError?
    for directory in directories {
      do { try remove(directory.path, deadline) } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
  }

  /// Removes those of the directories that nobody is in and nothing is below.
  package func removeEmptyDirectories() {
    for directory in directories { try? removeFile(directory.path, directory: true) }
  }

  private func remove(_ path: FilePath, _ deadline: UInt64) throws(CgroupError) {
    var pause: UInt64 = 500_000
    while true {
      do throws(SystemError) {
        try removeFile(path, directory: true)
        return
      } catch {
        switch error.errno {
        case .noSuchFileOrDirectory, .operationNotSupportedByDevice: return
        // Children, or processes that are going.
        case .resourceBusy, .directoryNotEmpty: break
        default: throw .system("cgroup", error)
        }
        if monotonicNanoseconds() > deadline { throw .system("cgroup", error) }
      }
      if try !removeChildren(of: path, deadline) {
        sleepNanoseconds(pause)
        pause = min(pause * 2, 50_000_000)
      }
    }
  }

  /// Whether there were any.
  private func removeChildren(of path: FilePath, _ deadline: UInt64) throws(CgroupError) -> Bool {
    let children: [FilePath]
    do throws(SystemError) {
      let directory = try openFile(path, [.readOnly, .directory, .noFollow])
      children = try directory.entries().filter { $0.kind == .directory }.map { path.appending($0.name) }
    } catch  where error.errno == .noSuchFileOrDirectory { return true } catch { throw .system("cgroup", error) }
    for child in children { try remove(child, deadline) }
    return !children.isEmpty
  }
}
