internal import Linux
internal import OCIRuntimeSpec
internal import SystemPackage

/// `linux.intelRdt`: a class of service of the kernel's resctrl file system (config-linux.md#intelrdt).
struct ResourceControl: Equatable {
  static let root = FilePath("/sys/fs/resctrl")
  private static let magic = FileSystemMagic(rawValue: 0x765_5821)

  let root: FilePath
  let directory: FilePath
  /// Whether the class is the container's alone: made with it and removed with it.
  let isOwn: Bool
  /// Lines for `schemata`.
  let schemata: [String]
  /// The group in which the container is watched.
  let monitor: FilePath?

  init(_ configuration: IntelRdt, id: String, root: FilePath = ResourceControl.root) throws(RuntimeError) {
    let named = configuration.closID.flatMap { $0.isEmpty ? nil : $0 }
    self.root = root
    isOwn = named == nil
    let name = named ?? id
    if name == "/" {
      directory = root
    } else {
      guard let component = FilePath.Component(name), component.kind == .regular, !name.utf8.contains(10), !name.utf8.contains(0) else {
        throw .property("linux.intelRdt.closID", "'\(name)' is not the name of a class")
      }
      directory = root.appending(component)
    }
    schemata = ResourceControl.lines(configuration.schemata, l3: configuration.l3CacheSchema, bandwidth: configuration.memBwSchema)
    monitor = configuration.enableMonitoring == true ? directory.appending("mon_groups").appending(id) : nil
  }

  /// `MB:` lines of the cache's schema give way to those of the memory bandwidth.
  static func lines(_ schemata: [String]?, l3: String?, bandwidth: String?) -> [String] {
    func split(_ text: String?) -> [String] { (text ?? "").split(separator: "\n").map(String.init) }
    let bandwidth = split(bandwidth)
    return (schemata ?? []).flatMap { split($0) } + split(l3).filter { bandwidth.isEmpty || !$0.hasPrefix("MB:") } + bandwidth
  }

  static func checkMounted() throws(RuntimeError) {
    if (try? fileSystemMagic(root)) != magic { throw .property("linux.intelRdt", "no resctrl file system is mounted on '\(root)'") }
  }

  /// Makes the class where it is to be made, and the group; gives what ``remove(_:)`` is to remove. Nothing stays where that fails.
  func make() throws(RuntimeError) -> [String] {
    var made: [String] = []
    do throws(RuntimeError) {
      if (try? fileStatus(directory)) == nil {
        if !isOwn, schemata.isEmpty { throw .property("linux.intelRdt.closID", "\(quoted(directory)) does not exist") }
        try attempting("linux.intelRdt.closID") { () throws(SystemError) in try makeDirectories(directory, mode: 0o755) }
        // A class that has a name may serve other containers and stays.
        if isOwn { made.append(directory.string) }
        try write(schemata)
      } else {
        try compare()
      }
      if let monitor {
        try attempting("linux.intelRdt.enableMonitoring") { () throws(SystemError) in try makeDirectories(monitor, mode: 0o755) }
        made.append(monitor.string)
      }
      return made
    } catch {
      ResourceControl.remove(made)
      throw error
    }
  }

  func write(_ lines: [String]) throws(RuntimeError) {
    if lines.isEmpty { return }
    try attempting("linux.intelRdt.schemata") { () throws(SystemError) in
      try openFile(directory.appending("schemata"), .writeOnly).writeAll(lines.joined(separator: "\n") + "\n")
    }
  }

  private func compare() throws(RuntimeError) {
    if schemata.isEmpty { return }
    let file = directory.appending("schemata")
    let content = try attempting("linux.intelRdt.schemata") { () throws(SystemError) in try readFile(file) }
    let there = String(decoding: content, as: UTF8.self).split(separator: "\n").map { line in line.drop { $0 == " " } }
    for line in schemata where !there.contains(Substring(line)) {
      throw .property("linux.intelRdt.schemata", "'\(line)' is not what \(quoted(file)) has")
    }
  }

  /// Puts a process into the class and the group, and with it all that it will make.
  func add(process: Int32) throws(RuntimeError) {
    try attempting("linux.intelRdt") { () throws(SystemError) in
      for place in [directory] + (monitor.map { [$0] } ?? []) {
        try openFile(place.appending("tasks"), .writeOnly).writeAll("\(process)")
      }
    }
  }

  /// Removes what ``make()`` made, the last first.
  static func remove(_ made: [String]) { for path in made.reversed() { try? removeFile(FilePath(path), directory: true) } }
}
