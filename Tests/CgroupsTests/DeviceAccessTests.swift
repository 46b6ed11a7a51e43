import Testing

@testable import Cgroups

@Suite struct DeviceAccessTests {
  typealias Devices = DeviceAccess.Devices

  static func accesses() -> [DeviceAccess] {
    var list = DeviceAccess(allowsByDefault: false)
    list.add(Devices(kind: .character, major: nil, minor: nil), .mknod, allowed: true)
    list.add(Devices(kind: .character, major: 1, minor: 3), .all, allowed: true)
    list.add(Devices(kind: .character, major: 5, minor: nil), .read, allowed: true)
    list.add(Devices(kind: .character, major: 5, minor: nil), .write, allowed: true)
    list.add(Devices(kind: .block, major: nil, minor: 7), [.read], allowed: true)
    var exclusions = DeviceAccess(allowsByDefault: true)
    exclusions.add(Devices(kind: .block, major: 8, minor: nil), [.write, .mknod], allowed: false)
    exclusions.add(Devices(kind: .character, major: 10, minor: 200), .all, allowed: false)
    return [list, exclusions, DeviceAccess(allowsByDefault: false), DeviceAccess(allowsByDefault: true)]
  }

  /// The program answers as the rules do, for every operation on devices in and around the rules.
  @Test(arguments: accesses())
  func programAgreesWithRules(_ access: DeviceAccess) {
    let program = access.program
    for kind in [DeviceAccess.Kind.block, .character] {
      for major: UInt32 in [0, 1, 5, 8, 10, 4095] {
        for minor: UInt32 in [0, 3, 7, 200, 1 << 19] {
          for raw: UInt32 in 1...7 {
            let expected = access.allows(.init(rawValue: raw), kind: kind, major: major, minor: minor)
            #expect(
              run(program, [raw << 16 | kind.rawValue, major, minor]) == (expected ? 1 : 0),
              "\(kind) \(major):\(minor) \(raw)")
          }
        }
      }
    }
  }

  @Test func readAndWriteOfTwoRulesAddUp() {
    #expect(Self.accesses()[0].allows([.read, .write], kind: .character, major: 5, minor: 1))
    #expect(!Self.accesses()[0].allows(.all, kind: .block, major: 9, minor: 7))
  }

  @Test func rulesEndEarlierOnes() {
    var access = DeviceAccess(allowsByDefault: false)
    let null = Devices(kind: .character, major: 1, minor: 3)
    access.add(null, .all, allowed: true)
    access.add(null, .write, allowed: false)
    #expect(access.exceptions == [.init(devices: null, operations: [.read, .mknod])])
    access.add(null, .all, allowed: false)
    #expect(access.exceptions.isEmpty)
    access.setAll(allowed: true)
    #expect(access.allows(.all, kind: .block, major: 8, minor: 0))
  }

  @Test func operationsAreReadStrictly() {
    #expect(DeviceAccess.Operations("mr") == [.read, .mknod])
    #expect(DeviceAccess.Operations("rr") == nil)
    #expect(DeviceAccess.Operations("x") == nil)
  }

  @Test func encodingIsTheKernels() {
    #expect(BPFInstruction.exit.encoded == 0x95)
    #expect(BPFInstruction.load(.r5, from: .r1, at: 8).encoded == 0x0008_1561)
    #expect(BPFInstruction.set(.r0, -1).encoded == 0xffff_ffff_0000_00b7)
    #expect(BPFInstruction.skip(2, unless: .r2, equals: 1).encoded == 0x0000_0001_0002_0256)
  }

  /// A small machine for the instructions that ``DeviceAccess/program`` uses, by their encoded form.
  private func run(_ program: [BPFInstruction], _ context: [UInt32]) -> UInt64 {
    var registers = [UInt64](repeating: 0, count: 11)
    var counter = 0
    while true {
      let word = program[counter].encoded
      let (d, s) = (Int(word >> 8 & 15), Int(word >> 12 & 15))
      let offset = Int(Int16(bitPattern: UInt16(truncatingIfNeeded: word >> 16)))
      let immediate = UInt32(word >> 32)
      counter += 1
      switch UInt8(truncatingIfNeeded: word) {
      case 0x61: registers[d] = UInt64(context[offset / 4])
      case 0xbc: registers[d] = UInt64(UInt32(truncatingIfNeeded: registers[s]))
      case 0xb7: registers[d] = UInt64(bitPattern: Int64(Int32(bitPattern: immediate)))
      case 0x54: registers[d] = UInt64(UInt32(truncatingIfNeeded: registers[d]) & immediate)
      case 0x74: registers[d] = UInt64(UInt32(truncatingIfNeeded: registers[d]) >> immediate)
      case 0x56: if UInt32(truncatingIfNeeded: registers[d]) != immediate { counter += offset }
      case 0x16: if UInt32(truncatingIfNeeded: registers[d]) == immediate { counter += offset }
      case 0x5e:
        if UInt32(truncatingIfNeeded: registers[d]) != UInt32(truncatingIfNeeded: registers[s]) { counter += offset }
      case 0x95: return registers[0]
      default:
        Issue.record("unknown instruction \(program[counter - 1])")
        return 2
      }
    }
  }
}
