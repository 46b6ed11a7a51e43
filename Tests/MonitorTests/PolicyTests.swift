import JSON
import Testing

@testable import Monitor

@Suite struct RestartPolicyTests {
  func restarts(_ name: RestartPolicy.Name, _ maximum: Int, code: Int32, after: Int, stopped: Bool = false) -> Bool {
    RestartPolicy(name: name, maximumRetryCount: maximum).restarts(exitCode: code, restarts: after, stopped: stopped)
  }

  @Test func policies() {
    #expect(!restarts(.no, 0, code: 1, after: 0))
    #expect(restarts(.always, 0, code: 0, after: 99))
    #expect(restarts(.unlessStopped, 0, code: 0, after: 0))
    #expect(!restarts(.onFailure, 0, code: 0, after: 0))
    #expect(restarts(.onFailure, 0, code: 1, after: 1000))
    #expect(restarts(.onFailure, 3, code: 1, after: 2))
    #expect(!restarts(.onFailure, 3, code: 1, after: 3))
    for name in [RestartPolicy.Name.always, .unlessStopped, .onFailure] {
      #expect(!restarts(name, 0, code: 1, after: 0, stopped: true))
    }
  }

  @Test func backoffDoublesToAMinuteAndStartsAgain() {
    var backoff = RestartBackoff()
    var delays: [UInt64] = []
    for _ in 0..<12 { delays.append(backoff.next(ranFor: 0) / 1_000_000) }
    #expect(delays == [100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000])
    #expect(backoff.next(ranFor: 10_000_000_001) == 100_000_000)
  }

  @Test func unknownPolicyIsRefused() {
    #expect(throws: MonitorError.self) { try RestartPolicy(["name": "sometimes"]) }
  }
}

@Suite struct HealthTests {
  func check(_ value: JSONValue) -> Healthcheck? { Healthcheck(value) }
  func result(_ code: Int32) -> HealthState.Result { .init(start: "", end: "", exitCode: code, output: "") }

  @Test func commands() {
    #expect(check(["test": ["CMD", "a", "b"]])?.arguments == ["a", "b"])
    #expect(check(["test": ["CMD-SHELL", "a b"]])?.arguments == ["/bin/sh", "-c", "a b"])
    #expect(check(["test": ["NONE"]]) == nil)
    #expect(check(["test": ["CMD"]]) == nil)
    let given = check(["test": ["CMD", "a"], "interval": 5, "retries": 0])
    #expect(given?.interval == 5)
    #expect(given?.retries == 3)
    #expect(given?.timeout == 30_000_000_000)
  }

  @Test func threeFailuresInARow() throws {
    let check = try #require(Healthcheck(["test": ["CMD", "a"]]))
    var state = HealthState()
    for (code, status) in [
      (1, "starting"), (1, "starting"), (0, "healthy"), (1, "healthy"), (1, "healthy"), (1, "unhealthy"), (0, "healthy"),
    ] {
      _ = state.add(result(Int32(code)), check, isStarting: false)
      #expect(state.status.rawValue == status)
    }
    #expect(state.log.count == 5)
    #expect(state.failingStreak == 0)
  }

  @Test func failuresOfTheStartPeriodDoNotCount() throws {
    let check = try #require(Healthcheck(["test": ["CMD", "a"], "startInterval": 7]))
    var state = HealthState()
    for _ in 0..<10 { _ = state.add(result(1), check, isStarting: true) }
    #expect(state.status == .starting)
    #expect(state.failingStreak == 0)
    #expect(state.pause(check, isStarting: true) == 7)
    _ = state.add(result(0), check, isStarting: true)
    #expect(state.status == .healthy)
    #expect(state.pause(check, isStarting: true) == 30_000_000_000)
    // Once healthy, failures count even then.
    for _ in 0..<3 { _ = state.add(result(1), check, isStarting: true) }
    #expect(state.status == .unhealthy)
  }
}

@Suite struct DetachKeysTests {
  @Test func standardKeys() {
    var keys = DetachKeys.standard
    #expect(keys.filter([97, 16]) == ([97], false))
    #expect(keys.filter([98]) == ([16, 98], false))
    #expect(keys.filter([16, 16, 17]).detaches)
  }

  @Test func spellings() {
    var keys = DetachKeys("ctrl-a,x,ctrl-[")
    #expect(keys?.filter([1, 120, 27]).detaches == true)
    for text in ["", "ctrl-", "ctrl-1", "ab", "a,,b", "ctrl-ab"] { #expect(DetachKeys(text) == nil) }
  }
}

@Suite struct StopSignalTests {
  func status(caught: UInt64 = 0, blocked: UInt64 = 0, ignored: UInt64 = 0, pids: String = "100\t1") -> String {
    func hex(_ mask: UInt64) -> String { String(mask, radix: 16) }
    return "Name:\tsh\nNSpid:\t\(pids)\nSigBlk:\t\(hex(blocked))\nSigIgn:\t\(hex(ignored))\nSigCgt:\t\(hex(caught))\n"
  }

  @Test func processOneWithoutAHandlerIsDeaf() {
    #expect(whyDeaf(status: status(), signal: 15) == "its process 1 has no handler for")
    #expect(whyDeaf(status: status(caught: 0x4000), signal: 15) == nil)
    #expect(whyDeaf(status: status(caught: 0x4000), signal: 10) != nil)
  }

  @Test func aBlockedSignalWaitsForItsReader() { #expect(whyDeaf(status: status(blocked: 0x4000), signal: 15) == nil) }
  @Test func anotherProcessDiesOfIt() { #expect(whyDeaf(status: status(pids: "100"), signal: 15) == nil) }
  @Test func anIgnoredSignalIsLost() {
    #expect(whyDeaf(status: status(ignored: 0x4000, pids: "100"), signal: 15) == "its process ignores")
  }
  @Test func noStatusIsNoReason() { #expect(whyDeaf(status: "", signal: 15) == nil) }
}

@Suite struct RuntimeWordsTests {
  /// docker's codes for runc's texts.
  @Test(arguments: [
    (#"exec: "x": executable file not found in $PATH"#, 127), (#"exec: "/x": stat /x: no such file or directory"#, 127),
    (#"exec: "/x": permission denied"#, 126), (#"exec: "/": is a directory"#, 126), ("something else", 125),
  ]) func codes(_ text: String, _ code: Int32) { #expect(RuntimeCommand.exitCode(text) == code) }
}
