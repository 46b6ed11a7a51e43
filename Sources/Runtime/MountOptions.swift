package import Linux

/// The options of one entry of `mounts`, sorted by what they change (config.md#mounts, the tables of mount options).
package struct MountOptions: Equatable, Sendable {
  /// Attributes of the mount itself, not of those below it.
  package var set: MountAttributes = []
  package var clear: MountAttributes = []
  /// Whether the options say anything of the mount's own attributes, be it only what it is not to have.
  package var namesAttributes = false
  /// Attributes of the mount and of all below it (`rro`, `rnosuid`, …).
  package var recursiveSet: MountAttributes = []
  package var recursiveClear: MountAttributes = []
  /// Propagation, in the order given; with true for all mounts below too.
  package var propagation: [Propagation] = []
  /// A bind mount; with true of the whole tree.
  package var bind: Bool?
  package var remount = false
  /// `tmpcopyup`: the tmpfs starts with what the root file system has there.
  package var copyUp = false
  /// `idmap` or `ridmap`; with true for the whole tree.
  package var idMap: Bool?
  /// What the file system itself is told, flags without a value.
  package var data: [Datum] = []

  package struct Propagation: Equatable, Sendable {
    package var kind: MountPropagation
    package var recursive: Bool
  }

  package struct Datum: Equatable, Sendable {
    package var key: String
    package var value: String?
  }

  package init(_ options: [String]) {
    for option in options { take(option) }
  }

  private mutating func take(_ option: String) {
    if let change = MountOptions.changes[option] { return change(&self) }
    if option.hasPrefix("r"), MountOptions.recursiveNames.contains(String(option.dropFirst())) {
      var plain = MountOptions([])
      plain.take(String(option.dropFirst()))
      // Of a whole tree the mode that another one leaves is chosen, not left.
      if option == "rnorelatime" { plain.choose(.strictAccessTime) }
      if ["atime", "nostrictatime"].contains(option.dropFirst()) { plain.choose(.relativeAccessTime) }
      recursiveSet = recursiveSet.subtracting(plain.clear).union(plain.set)
      recursiveClear = recursiveClear.subtracting(plain.set).union(plain.clear)
      return
    }
    for part in option.split(separator: ",") {
      let equals = part.firstIndex(of: "=")
      data.append(
        Datum(key: String(equals.map { part[..<$0] } ?? part), value: equals.map { String(part[part.index(after: $0)...]) }))
    }
  }

  private mutating func turn(_ attribute: MountAttributes, on: Bool) {
    namesAttributes = true
    if on {
      set.formUnion(attribute)
      clear.subtract(attribute)
    } else {
      clear.formUnion(attribute)
      set.subtract(attribute)
    }
  }

  /// The three access-time modes share one field: choosing one clears it first.
  private mutating func choose(_ mode: MountAttributes) {
    namesAttributes = true
    set = set.subtracting(.accessTimeField).union(mode)
    clear.formUnion(.accessTimeField)
  }

  /// `atime` and the like take a choice back; what the source has stays (mount(8)).
  private mutating func unchoose() {
    namesAttributes = true
    set.subtract(.accessTimeField)
    clear.subtract(.accessTimeField)
  }

  private static let recursiveNames: Set<String> = [
    "ro", "rw", "nosuid", "suid", "nodev", "dev", "noexec", "exec", "nodiratime", "diratime", "relatime", "norelatime", "noatime", "atime",
    "strictatime", "nostrictatime", "nosymfollow", "symfollow",
  ]

  private typealias Change = @Sendable (inout MountOptions) -> Void
  private static let changes: [String: Change] = [
    "defaults": { _ in },
    "ro": { $0.turn(.readOnly, on: true) }, "rw": { $0.turn(.readOnly, on: false) },
    "nosuid": { $0.turn(.noSetuid, on: true) }, "suid": { $0.turn(.noSetuid, on: false) },
    "nodev": { $0.turn(.noDevices, on: true) }, "dev": { $0.turn(.noDevices, on: false) },
    "noexec": { $0.turn(.noExecute, on: true) }, "exec": { $0.turn(.noExecute, on: false) },
    "nodiratime": { $0.turn(.noDirectoryAccessTime, on: true) }, "diratime": { $0.turn(.noDirectoryAccessTime, on: false) },
    "nosymfollow": { $0.turn(.noSymbolicLinks, on: true) }, "symfollow": { $0.turn(.noSymbolicLinks, on: false) },
    "relatime": { $0.choose(.relativeAccessTime) }, "norelatime": { $0.unchoose() },
    "noatime": { $0.choose(.noAccessTime) }, "atime": { $0.unchoose() },
    "strictatime": { $0.choose(.strictAccessTime) }, "nostrictatime": { $0.unchoose() },
    "private": { $0.spread(.private) }, "rprivate": { $0.spread(.private, true) },
    "slave": { $0.spread(.slave) }, "rslave": { $0.spread(.slave, true) },
    "shared": { $0.spread(.shared) }, "rshared": { $0.spread(.shared, true) },
    "unbindable": { $0.spread(.unbindable) }, "runbindable": { $0.spread(.unbindable, true) },
    "bind": { $0.bind = $0.bind ?? false }, "rbind": { $0.bind = true },
    "remount": { $0.remount = true },
    "tmpcopyup": { $0.copyUp = true },
    "idmap": { $0.idMap = $0.idMap ?? false }, "ridmap": { $0.idMap = true },
    // Of the file system, not of the mount: given to it as they are (fsconfig(2)).
    "async": { $0.datum("async") }, "sync": { $0.datum("sync") }, "dirsync": { $0.datum("dirsync") },
    "lazytime": { $0.datum("lazytime") }, "nolazytime": { $0.datum("nolazytime") },
    "mand": { $0.datum("mand") }, "nomand": { $0.datum("nomand") },
    "iversion": { $0.datum("iversion") }, "noiversion": { $0.datum("noiversion") },
    "silent": { $0.datum("silent") }, "loud": { _ in },
    "acl": { $0.datum("acl") }, "noacl": { $0.datum("noacl") },
  ]

  private mutating func spread(_ kind: MountPropagation, _ recursive: Bool = false) {
    propagation.append(Propagation(kind: kind, recursive: recursive))
  }
  private mutating func datum(_ key: String) { data.append(Datum(key: key, value: nil)) }

  /// Every option that has a meaning of its own, for `features`.
  package static var names: [String] { (changes.keys + recursiveNames.map { "r" + $0 }).sorted() }
}
