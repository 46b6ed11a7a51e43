/// One instruction of the kernel's extended BPF machine (Documentation/bpf/standardization/instruction-set.rst), the few
/// kinds that a device program needs.
struct BPFInstruction: Hashable, Sendable {
  /// r0 is the result, r1 the context on entry, r2–r5 are ours.
  struct Register: Hashable, Sendable {
    let number: UInt8
    static let r0 = Register(number: 0)
    static let r1 = Register(number: 1)
    static let r2 = Register(number: 2)
    static let r3 = Register(number: 3)
    static let r4 = Register(number: 4)
    static let r5 = Register(number: 5)
  }

  let code: UInt8
  let destination: UInt8
  let source: UInt8
  let offset: Int16
  let immediate: Int32

  /// struct bpf_insn on a little-endian machine.
  var encoded: UInt64 {
    UInt64(code) | UInt64(destination | source << 4) << 8 | UInt64(UInt16(bitPattern: offset)) << 16
      | UInt64(UInt32(bitPattern: immediate)) << 32
  }

  private init(_ code: UInt8, _ destination: Register, _ source: Register = .r0, offset: Int16 = 0, immediate: Int32 = 0) {
    self.code = code
    self.destination = destination.number
    self.source = source.number
    self.offset = offset
    self.immediate = immediate
  }

  /// `target = *(u32 *)(base + offset)`: BPF_LDX | BPF_MEM | BPF_W.
  static func load(_ target: Register, from base: Register, at offset: Int16) -> Self { .init(0x61, target, base, offset: offset) }
  /// 32-bit `target = source`: BPF_ALU | BPF_MOV | BPF_X.
  static func move(_ target: Register, _ source: Register) -> Self { .init(0xbc, target, source) }
  /// 64-bit `target = value`: BPF_ALU64 | BPF_MOV | BPF_K.
  static func set(_ target: Register, _ value: Int32) -> Self { .init(0xb7, target, immediate: value) }
  /// 32-bit `target &= mask`: BPF_ALU | BPF_AND | BPF_K.
  static func and(_ target: Register, _ mask: Int32) -> Self { .init(0x54, target, immediate: mask) }
  /// 32-bit `target >>= bits`, unsigned: BPF_ALU | BPF_RSH | BPF_K.
  static func shiftRight(_ target: Register, _ bits: Int32) -> Self { .init(0x74, target, immediate: bits) }
  /// Skips `count` instructions unless the low 32 bits equal `value`: BPF_JMP32 | BPF_JNE | BPF_K.
  static func skip(_ count: Int, unless register: Register, equals value: UInt32) -> Self {
    .init(0x56, register, offset: Int16(count), immediate: Int32(bitPattern: value))
  }
  /// Skips `count` instructions if the low 32 bits equal `value`: BPF_JMP32 | BPF_JEQ | BPF_K.
  static func skip(_ count: Int, if register: Register, equals value: UInt32) -> Self {
    .init(0x16, register, offset: Int16(count), immediate: Int32(bitPattern: value))
  }
  /// Skips `count` instructions unless the low 32 bits of both are equal: BPF_JMP32 | BPF_JNE | BPF_X.
  static func skip(_ count: Int, unless register: Register, equals other: Register) -> Self {
    .init(0x5e, register, other, offset: Int16(count))
  }
  /// Returns r0.
  static let exit = Self(0x95, .r0)
}
