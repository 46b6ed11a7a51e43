internal import Linux
internal import SystemPackage

/// What the runtime and the container's init tell each other, one message at a time over a pair of sockets:
///
///     runtime                         init
///        │ ── clone3 ─────────────────▶ │
///        │ ── proceed ────────────────▶ │   id mappings are written (only with a new user namespace)
///        │ ◀─────────────── mounted ─── │   namespaces and mounts are there, the old root too (only with hooks that want this moment)
///        │ ── proceed ────────────────▶ │   prestart and createRuntime hooks have run
///        │ ◀─────────────── console ─── │   the terminal, where this process relays it
///        │ ◀───────────────── ready ─── │   everything is done but the last step
///        │ ── proceed ────────────────▶ │   run: start; create: the container is on record
///     start ── proceed ─────────────▶ │   create only: over a connection of its own, which takes the place of this channel
///        │ ◀──────────────── filter ─── │   the seccomp notify descriptor, where the profile has one
///        │ ◀──────────── end of file ── │   execve has closed the socket
///
/// At any moment init may send `warning`, with `--debug` also `debug`, or `failure` as its last word.
struct InitChannel: ~Copyable {
  enum Kind: UInt8 {
    case proceed = 1, mounted, console, filter, ready, warning, failure, debug
  }

  struct Message {
    let kind: Kind
    let text: String
    let descriptors: [Int32]
  }

  let socket: OwnedDescriptor

  static func pair() throws(SystemError) -> (runtime: Int32, container: Int32) {
    let pair = try OwnedDescriptor.socketPair()
    return (pair.0, pair.1)
  }

  func send(_ kind: Kind, _ text: String = "", descriptors: [Int32] = []) throws(SystemError) {
    try socket.send([kind.rawValue] + Array(text.utf8.prefix(60_000)), descriptors: descriptors)
  }

  /// Says to go on. Where the other side is gone, what it said last is there to be received.
  func proceed() throws(SystemError) {
    do { try send(.proceed) } catch { if error.errno != .brokenPipe { throw error } }
  }

  /// The next message; nil when the other side has closed.
  func receive() throws(SystemError) -> Message? {
    guard let message = try receiveBytes() else { return nil }
    guard let first = message.bytes.first, let kind = Kind(rawValue: first) else {
      throw SystemError("receive", "message of init", .badMessage)
    }
    return Message(kind: kind, text: String(decoding: message.bytes.dropFirst(), as: UTF8.self), descriptors: message.descriptors)
  }

  /// One who went with our last word unread leaves ECONNRESET before what was said until then: it is told once and the rest is there.
  private func receiveBytes() throws(SystemError) -> SocketMessage? {
    do { return try socket.receive(limit: 64 << 10) } catch {
      if error.errno != .connectionReset { throw error }
      return try socket.receive(limit: 64 << 10)
    }
  }

  /// Waits until the runtime says to go on; a runtime that is gone ends init too.
  func awaitProceed() throws(SystemError) {
    guard let message = try receive(), message.kind == .proceed else {
      throw SystemError("receive", "word from the runtime", .connectionReset)
    }
  }
}

/// A descriptor that several hold; the last one closes it.
final class SharedDescriptor {
  let descriptor: OwnedDescriptor
  init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }
}
