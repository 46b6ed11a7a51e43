internal import ContentHash
internal import JSON
package import Linux
internal import OCIDistributionSpec
package import OCIImageSpec

/// A file of the web, fetched by GET; redirects are followed, but never from https to http.
package struct FileDownload: Sendable {
  /// What is told of the file.
  package struct Answer: Sendable {
    /// Where the redirects led.
    package let url: String
    /// False where the server says that it is what `etag` or `lastModified` speak of (304): nothing was written then.
    package let isModified: Bool
    package let etag: String?
    package let lastModified: String?
    package let contentDisposition: String?
    /// Of what was written.
    package let digest: Digest
    package let size: Int64
  }

  private let url: String
  /// What is known from an earlier answer; the server is asked for anything else only.
  package var etag: String?
  package var lastModified: String?

  package init(_ url: String) { self.url = url }

  /// Writes the file to `file`, from its position on.
  package func fetch(into file: borrowing OwnedDescriptor) throws(RegistryError) -> Answer {
    var retry = Retry(RetryPolicy())
    while true {
      let sink = FileSink(file.rawValue)
      do throws(RegistryError) {
        let (response, url) = try answer(sink)
        if response.status == 304 || (200..<300).contains(response.status) {
          let (digest, size) = sink.finish()
          return Answer(
            url: url, isModified: response.status != 304, etag: response.header("etag"), lastModified: response.header("last-modified"),
            contentDisposition: response.header("content-disposition"), digest: digest, size: size)
        }
        let kind: RegistryError.Kind = response.status == 404 || response.status == 410 ? .notFound : .refused
        let isBusy = response.status == 429 || response.status >= 500
        throw RegistryError(isBusy ? .busy : kind, "'\(url)': the server answered \(response.status)", retryAfter: response.retryAfter)
      } catch {
        // What has been written cannot be taken back here.
        guard error.kind == .transport || error.kind == .busy, sink.isEmpty, retry.again(after: error.retryAfter) else { throw error }
      }
    }
  }

  private func answer(_ sink: FileSink) throws(RegistryError) -> (HTTPResponse, url: String) {
    var request = HTTPRequest(.get, url)
    request.responseLimit = 64 << 10
    if let etag { request.headers.append(("If-None-Match", etag)) }
    if let lastModified { request.headers.append(("If-Modified-Since", lastModified)) }
    let client = try HTTPClient(HTTPSettings())
    for _ in 0..<10 {
      let response: HTTPResponse
      do { response = try client.perform(request, sink: sink) } catch {
        throw RegistryError(error.kind, "'\(request.url)': \(error.description)")
      }
      guard [301, 302, 303, 307, 308].contains(response.status), let location = response.header("location") else {
        return (response, request.url)
      }
      let target = absoluteURL(location, relativeTo: request.url)
      let (from, to) = (splitURL(request.url), splitURL(target))
      guard to.scheme == "https" || (to.scheme == "http" && from.scheme == "http") else {
        throw RegistryError(.refused, "'\(url)' redirects to '\(target)', which is refused: not https")
      }
      request.url = target
    }
    throw RegistryError(.refused, "'\(url)' redirects in a circle")
  }
}

/// Writes and hashes what comes.
private final class FileSink: BodySink {
  private let descriptor: Int32
  private var hasher = ContentHasher()
  private var size: Int64 = 0

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  var isEmpty: Bool { size == 0 }

  func begin(_ response: HTTPResponse) {}

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    try unsafe writeEveryByte(to: descriptor, bytes)
    unsafe hasher.update(bytes)
    size += Int64(bytes.count)
  }

  func finish() -> (Digest, Int64) { (exchange(&hasher, with: ContentHasher()).finish(), size) }
}
