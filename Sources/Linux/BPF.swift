internal import CLinux
internal import SystemPackage

/// bpf(2) as far as cgroup programs need it.
package enum BPF {
  /// `BPF_PROG_TYPE_CGROUP_DEVICE`, `BPF_CGROUP_DEVICE` (linux/bpf.h).
  private static let deviceProgram: UInt32 = 15
  private static let deviceAttachment: UInt32 = 6
  private static let allowMultiple: UInt32 = 1 << 1

  /// Loads a device program: 8 bytes an instruction. The verifier's words are in the error when it refuses.
  package static func loadDeviceProgram(_ instructions: [UInt64]) throws(SystemError) -> OwnedDescriptor {
    func load(log: UnsafeMutableBufferPointer<CChar>?) throws(SystemError) -> OwnedDescriptor {
      OwnedDescriptor(
        try valueOrError("bpf", "load of a device program") {
          unsafe instructions.withUnsafeBytes { bytes in
            unsafe clinux_bpf_prog_load(
              deviceProgram, bytes.baseAddress, UInt32(instructions.count), "GPL", log?.baseAddress, UInt32(log?.count ?? 0))
          }
        })
    }
    do { return try load(log: nil) } catch  where error.errno == .invalidArgument || error.errno == .permissionDenied {
      let log = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 64 << 10)
      unsafe log.initialize(repeating: 0)
      defer { unsafe log.deallocate() }
      do { return try unsafe load(log: log) } catch {
        let said = unsafe log.baseAddress.map { unsafe String(cString: $0) } ?? ""
        throw SystemError("bpf", "load of a device program: \(said)", error.errno)
      }
    }
  }

  /// Attaches a device program to a cgroup v2 directory beside those that are there (`BPF_F_ALLOW_MULTI`).
  package static func attachDeviceProgram(
    _ program: borrowing OwnedDescriptor, to cgroup: borrowing OwnedDescriptor
  ) throws(SystemError) {
    let (target, descriptor) = (cgroup.rawValue, program.rawValue)
    try nothingOrError("bpf", "attach of a device program") {
      clinux_bpf_prog_attach(target, descriptor, deviceAttachment, allowMultiple, 0)
    }
  }

  package static func detachDeviceProgram(
    _ program: borrowing OwnedDescriptor, from cgroup: borrowing OwnedDescriptor
  ) throws(SystemError) {
    let (target, descriptor) = (cgroup.rawValue, program.rawValue)
    try nothingOrError("bpf", "detach of a device program") {
      clinux_bpf_prog_detach(target, descriptor, deviceAttachment)
    }
  }

  /// The ids of the device programs attached to the cgroup itself.
  package static func devicePrograms(of cgroup: borrowing OwnedDescriptor) throws(SystemError) -> [UInt32] {
    let target = cgroup.rawValue
    var ids = [UInt32](repeating: 0, count: 64)
    var count = UInt32(ids.count)
    try nothingOrError("bpf", "query of device programs") {
      unsafe clinux_bpf_prog_query(target, deviceAttachment, &ids, &count)
    }
    return Array(ids.prefix(Int(count)))
  }

  /// A program by its id.
  package static func program(id: UInt32) throws(SystemError) -> OwnedDescriptor {
    OwnedDescriptor(try valueOrError("bpf", "program \(id)") { clinux_bpf_prog_by_id(id) })
  }
}
