internal import ImageStore
internal import OCIDistributionSpec
internal import OCIImageSpec
internal import Registry

/// Where the bytes of a download go: a blob of the store to be, or a file that is only passed through.
protocol DownloadTarget: AnyObject {
  /// Bytes that are there.
  var size: Int64 { get }
  func write(_ bytes: UnsafeRawBufferPointer) throws(ImageStoreError)
}

extension PartialBlob: DownloadTarget {}

/// Takes the bytes of one blob from a registry. It outlives a connection: what has come stays, and the next request asks for the rest.
final class BlobDownload: BodySink {
  private let target: any DownloadTarget
  private let name: String
  /// Bytes of a whole answer (200) to a request for a rest that are here already.
  private var skip: Int64 = 0
  private let progress: (Int64) throws -> Void

  init(to target: any DownloadTarget, named name: String, progress: @escaping (Int64) throws -> Void) {
    self.target = target
    self.name = name
    self.progress = progress
  }

  func begin(_ response: HTTPResponse) throws {
    skip = 0
    guard response.status == 206 else {
      skip = target.size
      return
    }
    // `bytes FIRST-LAST/TOTAL` (RFC 9110 section 14.4): a part that begins elsewhere would be spliced in at the wrong place.
    let range = response.header("content-range") ?? ""
    guard rangeBounds(range)?.lowerBound == target.size else {
      throw RegistryError(.verification, "\(name): the registry sent '\(range)' when asked for the bytes from \(target.size) on")
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    let skipped = Int(min(skip, Int64(bytes.count)))
    skip -= Int64(skipped)
    guard skipped < bytes.count else { return }
    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[skipped...])
    do { try unsafe target.write(rest) } catch { throw error.blaming(name) }
    try progress(target.size)
  }
}

extension ImageStoreError {
  /// What the registry is to blame for, its bytes and not our disk, as an error that says so.
  func blaming(_ name: String) -> any Error {
    switch self {
    case .unexpectedDigest, .unexpectedSize: RegistryError(.verification, "\(name): \(self)")
    default: self
    }
  }

  var isUnexpectedDigest: Bool { if case .unexpectedDigest = self { true } else { false } }
}
