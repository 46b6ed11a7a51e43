internal import Linux

/// A published port with the socket that holds it against other programs.
struct HeldPort {
  /// Bound, for TCP listening, as long as this lives.
  final class Socket {
    let descriptor: OwnedDescriptor
    init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }
  }

  let port: PublishedPort
  /// nil where the kernel knows no such protocol.
  let socket: Socket?
}
