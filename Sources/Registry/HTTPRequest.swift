/// One HTTP request to a registry.
package struct HTTPRequest: Sendable {
  package enum Method: String, Sendable {
    case get = "GET", head = "HEAD", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE"
  }

  package var method: Method
  package var url: String
  /// In the order in which they are sent; names as the specification spells them.
  package var headers: [(name: String, value: String)] = []
  package var body: Body = .none
  /// How many bytes of an answer may be held in memory; a larger one is an error. Bodies that are streamed have no such bound.
  package var responseLimit = 4 << 20

  package enum Body: Sendable {
    case none
    case bytes([UInt8])
    /// `size` bytes of the source from `offset` on.
    case stream(any BodySource, from: Int64, size: Int64)

    var isStream: Bool { if case .stream = self { true } else { false } }
  }

  package init(_ method: Method, _ url: String) {
    self.method = method
    self.url = url
  }
}

/// Where the bytes of an upload come from.
package protocol BodySource: AnyObject, Sendable {
  /// Fills `buffer` from `offset` on; 0 at the end. A request that is sent again reads its bytes again.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws -> Int
}

/// What a registry answered.
package struct HTTPResponse: Sendable {
  package let status: Int
  /// Names in lower case; of several headers of one name all are kept.
  package let headers: [(name: String, value: String)]
  /// Empty where the body went to a sink.
  package let body: [UInt8]

  /// The first header of that name (in lower case).
  package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
  package func headers(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }
}
