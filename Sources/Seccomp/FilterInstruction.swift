/// One instruction of classic BPF (struct sock_filter, linux/filter.h), the kinds that a stub in front of libseccomp's
/// program needs. The data is struct seccomp_data: the system call's number at 0, the architecture at 4.
struct FilterInstruction: Hashable, Sendable {
  var code: UInt16
  var jumpTrue: UInt8 = 0
  var jumpFalse: UInt8 = 0
  var value: UInt32

  static let loadNumber = FilterInstruction(code: 0x20, value: 0)
  static let loadArchitecture = FilterInstruction(code: 0x20, value: 4)
  static func jump(_ count: Int) -> Self { .init(code: 0x05, value: UInt32(count)) }
  /// Skips `count` instructions unless the accumulator equals `value`.
  static func skip(_ count: Int, unlessEqual value: UInt32) -> Self { .init(code: 0x15, jumpFalse: UInt8(count), value: value) }
  /// Skips `count` instructions unless the accumulator is greater than `value`.
  static func skip(_ count: Int, unlessGreater value: UInt32) -> Self { .init(code: 0x25, jumpFalse: UInt8(count), value: value) }
  /// Skips `count` instructions if the accumulator has any bit of `value`.
  static func skip(_ count: Int, ifAnyBit value: UInt32) -> Self { .init(code: 0x45, jumpTrue: UInt8(count), value: value) }
  static func answer(_ action: UInt32) -> Self { .init(code: 0x06, value: action) }

  /// As the kernel reads it, little-endian.
  var encoded: [UInt8] {
    [
      UInt8(truncatingIfNeeded: code), UInt8(truncatingIfNeeded: code >> 8), jumpTrue, jumpFalse,
      UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8),
      UInt8(truncatingIfNeeded: value >> 16), UInt8(truncatingIfNeeded: value >> 24),
    ]
  }
}

/// The newest system call that a profile knows on one architecture.
struct NewestSystemCall: Hashable, Sendable {
  /// `AUDIT_ARCH_*`.
  let architecture: UInt32
  let number: UInt32
  /// x32 shares x86-64's architecture and has its own numbers, from 2^30 on.
  let isX32: Bool
}

/// A program that answers ENOSYS to system calls newer than the profile, so that a C library falls back to an older call
/// instead of taking EPERM for a failure, and else runs on into the program behind it.
func newerCallsStub(_ newest: [NewestSystemCall]) -> [FilterInstruction] {
  let x32Bit: UInt32 = 0x4000_0000
  let amd64Audit: UInt32 = 0xc000_003e
  let notImplemented = FilterInstruction.answer(0x0005_0000 | 38)
  // From the last to the first, so that each section's end knows how far it is behind all.
  var stub: [FilterInstruction] = []
  for architecture in Set(newest.map(\.architecture)).sorted(by: >) {
    let calls = newest.filter { $0.architecture == architecture }
    var section: [FilterInstruction] = [.loadNumber]
    let plain: [FilterInstruction] = calls.first { !$0.isX32 }.map { [.skip(1, unlessGreater: $0.number), notImplemented] } ?? []
    if architecture == amd64Audit {
      let x32 = calls.first { $0.isX32 }.map { [.skip(1, unlessGreater: $0.number), notImplemented] } ?? [FilterInstruction]()
      section += [.skip(plain.count + 1, ifAnyBit: x32Bit)] + plain + [.jump(x32.count)] + x32
    } else {
      section += plain
    }
    section.append(.jump(stub.count))
    stub = [.skip(section.count, unlessEqual: architecture)] + section + stub
  }
  return stub.isEmpty ? [] : [.loadArchitecture] + stub
}
