internal import Linux
internal import SystemPackage

extension Cgroup {
  /// The directory that is asked about processes: any would do, since all are joined together; those first that nobody but
  /// us moves processes about in.
  private var processDirectory: Directory? {
    unified ?? legacy("freezer") ?? legacy("pids") ?? legacy("devices") ?? directories.first
  }

  /// The processes of the container's cgroup and of those below it, ascending, each once.
  package func processIDs() throws(CgroupError) -> [Int32] {
    guard let directory = processDirectory else { return [] }
    // A hybrid machine: a container joined the version 2 directory only where that was possible.
    var pids = try processIDs(in: directory.path)
    if pids.isEmpty, directory.version == .v2, let other = legacy("freezer") ?? legacy("pids") {
      pids = try processIDs(in: other.path)
    }
    return pids.sorted()
  }

  private func processIDs(in path: FilePath) throws(CgroupError) -> Set<Int32> {
    var pids: Set<Int32> = []
    for path in try tree(path) {
      let directory = Directory(version: .v1, controllers: [], path: path, mount: nil)
      do {
        for line in try directory.read("cgroup.procs").split(separator: "\n") { if let pid = Int32(line) { pids.insert(pid) } }
      } catch  where vanished(error) {
        continue
      } catch  where error.errno == .notSupportedOnSocket {
        // A threaded cgroup (version 2) has only threads to list; its domain above lists the processes.
        continue
      } catch { throw .system("cgroup", error) }
    }
    return pids
  }

  /// `path` and every cgroup below it, parents first. What vanishes meanwhile is passed over.
  private func tree(_ path: FilePath) throws(CgroupError) -> [FilePath] {
    var found = [path]
    var next = 0
    while next < found.count {
      let parent = found[next]
      next += 1
      do {
        for entry in try openFile(parent, [.readOnly, .directory, .noFollow]).entries() where entry.kind == .directory {
          found.append(parent.appending(entry.name))
        }
      } catch  where vanished(error) { continue } catch { throw .system("cgroup", error) }
    }
    return found
  }

  /// The cgroup was removed before or while its file was read.
  private func vanished(_ error: SystemError) -> Bool {
    error.errno == .noSuchFileOrDirectory || error.errno == .operationNotSupportedByDevice
  }

  /// Sends `signal` to every process. SIGKILL reaches frozen ones and those being born: by `cgroup.kill` where the kernel has
  /// it (5.14), else by freezing, signalling and thawing.
  package func kill(signal: Int32 = 9) throws(CgroupError) {
    if signal == 9, let unified {
      if (try? unified.write("1", to: "cgroup.kill")) != nil, try processIDs().isEmpty { return }
    }
    let freezing = signal == 9 && (try? freeze()) != nil
    defer { if freezing || signal == 9 { try? thaw() } }
    for pid in try processIDs() {
      do { try sendSignal(signal, to: pid) } catch  where error.errno == .noSuchProcess {
        continue
      } catch { throw .system("cgroup", error) }
    }
  }
}
