internal import CCurl

/// Takes the body of a successful answer as it comes.
package protocol BodySink: AnyObject {
  /// Called once before the first byte, with the status (200 or 206) and the headers.
  func begin(_ response: HTTPResponse) throws
  func write(_ bytes: UnsafeRawBufferPointer) throws
}

/// The state of one request while libcurl calls back.
final class HTTPTransfer {
  let sink: (any BodySink)?
  let limit: Int
  let source: (any BodySource)?
  /// Where in the source the rest of the request's body lies.
  private var rest: Range<Int64> = 0..<0
  private(set) var status = 0
  private(set) var headers: [(name: String, value: String)] = []
  private(set) var body: [UInt8] = []
  /// What a sink or a source threw; libcurl is told to stop, and this is the reason.
  private(set) var failure: (any Error)?
  private var begun = false

  init(_ request: HTTPRequest, sink: (any BodySink)?) {
    self.sink = sink
    limit = request.responseLimit
    if case .stream(let source, let offset, let size) = request.body {
      self.source = source
      rest = offset..<(offset + size)
    } else {
      source = nil
    }
  }

  var response: HTTPResponse { HTTPResponse(status: status, headers: headers, body: body) }

  /// A header line; a status line begins a new answer (after 100 Continue or a proxy's CONNECT).
  func header(_ line: UnsafeRawBufferPointer) {
    let text = unsafe String(decoding: line, as: UTF8.self).trimming { $0 == "\r\n" || $0 == "\n" || $0 == "\r" || $0 == " " }
    if text.hasPrefix("HTTP/") {
      headers = []
      status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    } else if let colon = text.firstIndex(of: ":") {
      let value = String(text[text.index(after: colon)...]).trimming { $0 == " " || $0 == "\t" }
      headers.append((text[..<colon].lowercased(), value))
    }
  }

  /// Takes a piece of the body; false stops the transfer.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    do {
      if let sink, (200..<300).contains(status) {
        if !begun {
          begun = true
          try sink.begin(response)
        }
        try unsafe sink.write(bytes)
      } else {
        guard body.count + bytes.count <= limit else {
          throw RegistryError(.verification, "the answer is larger than \(limit) bytes")
        }
        unsafe body.append(contentsOf: bytes)
      }
      return true
    } catch {
      failure = error
      return false
    }
  }

  /// Hands out the next bytes of an upload; nil stops the transfer.
  func send(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    guard let source, !rest.isEmpty else { return 0 }
    do {
      let part = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, Int(clamping: rest.count))])
      let count = try unsafe source.read(into: part, at: rest.lowerBound)
      rest = (rest.lowerBound + Int64(count))..<rest.upperBound
      return count
    } catch {
      failure = error
      return nil
    }
  }
}

extension String {
  func trimming(_ isTrimmed: (Character) -> Bool) -> String {
    var rest = Substring(self)
    while let first = rest.first, isTrimmed(first) { rest.removeFirst() }
    while let last = rest.last, isTrimmed(last) { rest.removeLast() }
    return String(rest)
  }
}
