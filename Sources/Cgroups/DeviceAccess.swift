/// Which devices a cgroup may use: a default and the exceptions from it, kept by the rules of the version 1 device
/// controller (Documentation/admin-guide/cgroup-v1/devices.rst), so that version 2 answers as version 1 would.
struct DeviceAccess: Hashable, Sendable {
  enum Kind: UInt32, Sendable {
    /// `BPF_DEVCG_DEV_BLOCK`, `BPF_DEVCG_DEV_CHAR`.
    case block = 1, character
  }

  /// What may be done with a device; the numbers are `BPF_DEVCG_ACC_*`.
  struct Operations: OptionSet, Hashable, Sendable {
    let rawValue: UInt32
    static let mknod = Operations(rawValue: 1)
    static let read = Operations(rawValue: 2)
    static let write = Operations(rawValue: 4)
    static let all: Operations = [.mknod, .read, .write]

    /// `rwm` in any order, each once; nil for anything else.
    init?(_ text: String) {
      var operations: Operations = []
      for letter in text.utf8 {
        let operation: Operations
        switch letter {
        case UInt8(ascii: "r"): operation = .read
        case UInt8(ascii: "w"): operation = .write
        case UInt8(ascii: "m"): operation = .mknod
        default: return nil
        }
        if !operations.insert(operation).inserted { return nil }
      }
      self = operations
    }

    init(rawValue: UInt32) { self.rawValue = rawValue }

    var description: String {
      (contains(.read) ? "r" : "") + (contains(.write) ? "w" : "") + (contains(.mknod) ? "m" : "")
    }
  }

  /// Devices of one kind; nil numbers stand for every one.
  struct Devices: Hashable, Sendable {
    let kind: Kind
    let major: UInt32?
    let minor: UInt32?
  }

  struct Exception: Hashable, Sendable {
    let devices: Devices
    var operations: Operations
  }

  private(set) var allowsByDefault: Bool
  private(set) var exceptions: [Exception] = []

  init(allowsByDefault: Bool) { self.allowsByDefault = allowsByDefault }

  /// The rule `a`: everything, forgetting all exceptions.
  mutating func setAll(allowed: Bool) {
    allowsByDefault = allowed
    exceptions = []
  }

  /// One rule more: an exception from the default, or the end of one that was made before for exactly these devices.
  mutating func add(_ devices: Devices, _ operations: Operations, allowed: Bool) {
    let index = exceptions.firstIndex { $0.devices == devices }
    if allowed != allowsByDefault {
      if let index {
        exceptions[index].operations.formUnion(operations)
      } else {
        exceptions.append(Exception(devices: devices, operations: operations))
      }
    } else if let index {
      exceptions[index].operations.subtract(operations)
      if exceptions[index].operations.isEmpty { exceptions.remove(at: index) }
    }
  }

  /// Whether all of `operations` may be done on the device: what the program computes.
  func allows(_ operations: Operations, kind: Kind, major: UInt32, minor: UInt32) -> Bool {
    let matching = exceptions.filter {
      $0.devices.kind == kind && ($0.devices.major ?? major) == major && ($0.devices.minor ?? minor) == minor
    }
    if allowsByDefault { return !matching.contains { !$0.operations.isDisjoint(with: operations) } }
    return matching.contains { $0.operations.isSuperset(of: operations) }
  }
}

extension DeviceAccess {
  /// The same as a `BPF_PROG_TYPE_CGROUP_DEVICE` program. Its context is struct bpf_cgroup_dev_ctx: the kind in the low and
  /// the operations in the high half of the first word, then major and minor.
  var program: [BPFInstruction] {
    var program: [BPFInstruction] = [
      .load(.r2, from: .r1, at: 0), .and(.r2, 0xffff),
      .load(.r3, from: .r1, at: 0), .shiftRight(.r3, 16),
      .load(.r4, from: .r1, at: 4), .load(.r5, from: .r1, at: 8),
    ]
    for exception in exceptions { program += code(exception) }
    return program + [.set(.r0, allowsByDefault ? 1 : 0), .exit]
  }

  /// Returns the opposite of the default where the exception applies, else runs on behind itself.
  private func code(_ exception: Exception) -> [BPFInstruction] {
    let answer: [BPFInstruction] = [.set(.r0, allowsByDefault ? 0 : 1), .exit]
    var code = answer
    // Built from the end, so that each test knows how far it is to the next exception.
    if let minor = exception.devices.minor { code.insert(.skip(code.count, unless: .r5, equals: minor), at: 0) }
    if let major = exception.devices.major { code.insert(.skip(code.count, unless: .r4, equals: major), at: 0) }
    if exception.operations != .all {
      let mask = Int32(exception.operations.rawValue)
      code =
        allowsByDefault
        // Denied where any of the operations is excepted; allowed where all of them are.
        ? [.move(.r1, .r3), .and(.r1, mask), .skip(code.count, if: .r1, equals: 0)] + code
        : [.move(.r1, .r3), .and(.r1, mask), .skip(code.count, unless: .r1, equals: .r3)] + code
    }
    return [.skip(code.count, unless: .r2, equals: exception.devices.kind.rawValue)] + code
  }
}
