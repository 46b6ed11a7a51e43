/// Runs a program of classic BPF over struct seccomp_data, as the kernel would (the instructions that libseccomp emits).
struct FilterMachine {
  let program: [UInt8]

  /// The answer to a system call; nil where the program is not a valid one.
  func answer(_ number: UInt32, architecture: UInt32 = 0xc000_003e, arguments: [UInt64] = []) -> UInt32? {
    var words = [number, architecture, 0, 0]
    for index in 0..<6 {
      let argument = index < arguments.count ? arguments[index] : 0
      words += [UInt32(truncatingIfNeeded: argument), UInt32(argument >> 32)]
    }
    var accumulator: UInt32 = 0
    var counter = 0
    while (counter + 1) * 8 <= program.count {
      let bytes = program[counter * 8..<counter * 8 + 8].map(UInt32.init)
      let value = bytes[4] | bytes[5] << 8 | bytes[6] << 16 | bytes[7] << 24
      counter += 1
      var isTrue = false
      switch bytes[0] | bytes[1] << 8 {
      case 0x20:
        accumulator = words[Int(value) / 4]
        continue
      case 0x54:
        accumulator &= value
        continue
      case 0x05:
        counter += Int(value)
        continue
      case 0x06: return value
      case 0x15: isTrue = accumulator == value
      case 0x25: isTrue = accumulator > value
      case 0x35: isTrue = accumulator >= value
      case 0x45: isTrue = accumulator & value != 0
      default: return nil
      }
      counter += Int(isTrue ? bytes[2] : bytes[3])
    }
    return nil
  }
}
