import Testing

@testable import Linux

@Suite struct SignalTests {
  @Test(arguments: [("9", 9), ("KILL", 9), ("SIGKILL", 9), ("sigterm", 15), ("RTMIN+3", 37), ("SIGRTMAX-1", 63), ("64", 64)])
  func numbersAndNames(text: String, number: Int32) { #expect(Signal.number(text) == number) }

  @Test(arguments: ["", "0", "65", "-1", "SIG", "NOPE", "9x", "RTMIN+31", "SIGSIGKILL"])
  func refused(text: String) { #expect(Signal.number(text) == nil) }
}
