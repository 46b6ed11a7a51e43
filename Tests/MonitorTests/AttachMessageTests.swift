import Linux
import Testing

@testable import Monitor

@Suite struct AttachMessageTests {
  static let messages: [AttachMessage] = [
    .attach(output: true, error: false), .attach(output: false, error: true), .watch, .input([0, 255, 10]), .input([]), .endOfInput,
    .resize(WindowSize(rows: 33, columns: 65535)), .signal(15), .stop(signal: 10, seconds: -1), .stop(signal: nil, seconds: nil),
    .output(Array("out".utf8)), .error([1]), .started(4_194_304), .exited(137), .failed(127, "exec: \"x\": not found"), .failed(1, ""),
  ]

  @Test(arguments: messages) func comesThrough(_ message: AttachMessage) {
    #expect(AttachMessage(message.packet) == message)
  }

  @Test(arguments: ["", "?", "r1", "r1 70000", "s", "s99", "sx", "S1", "Rx", "X", "F12", "Fx y"])
  func nonsenseIsNoMessage(_ text: String) { #expect(AttachMessage(Array(text.utf8)) == nil) }
}
