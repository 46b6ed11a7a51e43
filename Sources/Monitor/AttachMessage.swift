package import Linux

/// What clients and monitor say to each other: one packet of a `SOCK_SEQPACKET` socket each, the first byte its kind.
package enum AttachMessage: Equatable, Sendable {
  // From a client.
  /// Wants the container's output from now on, and `exited`; may send input.
  case attach(output: Bool, error: Bool)
  /// Wants only `started`, `exited` or `failed`.
  case watch
  case input([UInt8])
  case endOfInput
  case resize(WindowSize)
  /// For the container's first process. One that ends it counts as a manual stop.
  case signal(Int32)
  /// The stop signal and, after so many seconds (negative: never), SIGKILL; nil for the container's own.
  case stop(signal: Int32?, seconds: Int?)

  // From the monitor.
  case output([UInt8])
  case error([UInt8])
  /// The first process' id.
  case started(Int32)
  case exited(Int32)
  /// It did not start: docker's exit code and why.
  case failed(Int32, String)
  /// The code of a start that found the container in another monitor's hands; to a person it is 125.
  package static let alreadyRunning: Int32 = -125

  package init?(_ packet: [UInt8]) {
    guard let kind = packet.first else { return nil }
    let rest = Array(packet.dropFirst())
    // Output comes in most packets and is no text to be looked at.
    var text: String { String(decoding: rest, as: UTF8.self) }
    var numbers: [Int?] { text.split(separator: " ", omittingEmptySubsequences: false).map { Int($0) } }
    switch UnicodeScalar(kind) {
    case "A": self = .attach(output: text.contains("o"), error: text.contains("e"))
    case "W": self = .watch
    case "i": self = .input(rest)
    case "e": self = .endOfInput
    case "r":
      let numbers = numbers
      guard numbers.count == 2, let rows = numbers[0].flatMap(UInt16.init(exactly:)),
        let columns = numbers[1].flatMap(UInt16.init(exactly:))
      else { return nil }
      self = .resize(WindowSize(rows: rows, columns: columns))
    case "s":
      guard let signal = numbers.first ?? nil, (1...64).contains(signal) else { return nil }
      self = .signal(Int32(signal))
    case "S":
      let numbers = numbers
      guard numbers.count == 2 else { return nil }
      self = .stop(signal: numbers[0].flatMap { (1...64).contains($0) ? Int32($0) : nil }, seconds: numbers[1])
    case "o": self = .output(rest)
    case "x": self = .error(rest)
    case "R":
      guard let pid = numbers.first ?? nil else { return nil }
      self = .started(Int32(truncatingIfNeeded: pid))
    case "X":
      guard let code = numbers.first ?? nil else { return nil }
      self = .exited(Int32(truncatingIfNeeded: code))
    case "F":
      let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let code = Int32(parts[0]) else { return nil }
      self = .failed(code, String(parts[1]))
    default: return nil
    }
  }

  package var packet: [UInt8] {
    switch self {
    case .attach(let output, let error): Array("A\(output ? "o" : "")\(error ? "e" : "")".utf8)
    case .watch: Array("W".utf8)
    case .input(let bytes): [UInt8(ascii: "i")] + bytes
    case .endOfInput: Array("e".utf8)
    case .resize(let size): Array("r\(size.rows) \(size.columns)".utf8)
    case .signal(let number): Array("s\(number)".utf8)
    case .stop(let signal, let seconds): Array("S\(signal.map { String($0) } ?? "-") \(seconds.map { String($0) } ?? "-")".utf8)
    case .output(let bytes): [UInt8(ascii: "o")] + bytes
    case .error(let bytes): [UInt8(ascii: "x")] + bytes
    case .started(let pid): Array("R\(pid)".utf8)
    case .exited(let code): Array("X\(code)".utf8)
    case .failed(let code, let reason): Array("F\(code) \(reason)".utf8)
    }
  }
}
