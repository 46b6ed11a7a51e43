internal import Linux
internal import SystemPackage

/// One connection to the monitor, and what it has not taken yet.
final class AttachedClient {
  let socket: OwnedDescriptor
  let token: UInt64
  var wantsOutput = false
  var wantsError = false
  /// Whether it has said what it wants: nothing is sent before.
  var isGreeted = false
  /// Packets that did not fit into the socket.
  private(set) var queue: [[UInt8]] = []
  private(set) var queuedBytes = 0
  var isGone = false
  /// Whether it has sent input: then it is not heard while the container takes none.
  var sendsInput = false

  init(_ socket: consuming OwnedDescriptor, token: UInt64) throws(SystemError) {
    try socket.setNonBlocking()
    self.socket = socket
    self.token = token
  }

  func send(_ message: AttachMessage) {
    if isGone { return }
    queue.append(message.packet)
    queuedBytes += queue.last?.count ?? 0
    flush()
  }

  /// Sends what the socket takes.
  func flush() {
    while let packet = queue.first, !isGone {
      do { try socket.send(packet) } catch {
        if error.errno == .resourceTemporarilyUnavailable || error.errno == .noBufferSpace { return }
        isGone = true
        return
      }
      queue.removeFirst()
      queuedBytes -= packet.count
    }
  }

  /// Sends everything, giving up on a client that has taken nothing for `patience` seconds.
  func finish(patience: UInt64) {
    var left = queue.count
    var deadline = monotonicNanoseconds() + patience * 1_000_000_000
    while !queue.isEmpty, !isGone, monotonicNanoseconds() < deadline {
      flush()
      if queue.isEmpty { return }
      if queue.count < left {
        left = queue.count
        deadline = monotonicNanoseconds() + patience * 1_000_000_000
      }
      sleepNanoseconds(2_000_000)
    }
  }

  /// The next message; nil where none waits. Sets ``isGone`` at the end.
  func next() -> AttachMessage? {
    while !isGone {
      do {
        guard let packet = try socket.receive() else {
          isGone = true
          return nil
        }
        for descriptor in packet.descriptors { _ = OwnedDescriptor(descriptor) }
        if let message = AttachMessage(packet.bytes) { return message }
        // Nobody who speaks this language sends such a thing.
        isGone = true
      } catch {
        if error.errno != .resourceTemporarilyUnavailable { isGone = true }
        return nil
      }
    }
    return nil
  }
}
