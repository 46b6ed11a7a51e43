internal import CCurl
internal import SystemPackage

/// HTTP through libcurl: one easy handle, whose connections are used again. Not for use by two threads at once.
///
/// Redirects are not followed here: whoever asked decides where a credential may go.
@safe package final class HTTPClient {
  private let handle: UnsafeMutableRawPointer
  private let reasonBuffer = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  private let settings: HTTPSettings

  package init(_ settings: HTTPSettings) throws(RegistryError) {
    guard let handle = unsafe curl_easy_init() else { throw RegistryError(.transport, "libcurl cannot be initialised") }
    unsafe self.handle = handle
    self.settings = settings
  }

  deinit {
    unsafe curl_easy_cleanup(handle)
    unsafe reasonBuffer.deallocate()
  }

  /// Sends the request and takes the answer, whatever its status. The body of a 2xx answer goes to `sink` where there is one.
  package func perform(_ request: HTTPRequest, sink: (any BodySink)? = nil) throws(RegistryError) -> HTTPResponse {
    unsafe curl_easy_reset(handle)
    applySettings()
    unsafe reasonBuffer.pointee = 0
    unsafe ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, reasonBuffer)
    // A registry that puts away what it has been sent may be silent for longer than one that is asked for something.
    set(CURLOPT_LOW_SPEED_TIME, request.body.isStream ? 5 * settings.stallTimeout : settings.stallTimeout)
    let transfer = HTTPTransfer(request, sink: sink)
    let list = unsafe headerList(request)
    defer { unsafe curl_slist_free_all(list) }
    unsafe ccurl_set_list(handle, CURLOPT_HTTPHEADER, list)
    set(CURLOPT_URL, request.url)
    setMethod(request)
    setCallbacks(transfer)
    let result = withExtendedLifetime(transfer) { unsafe curl_easy_perform(handle) }
    if let failure = transfer.failure {
      throw failure as? RegistryError ?? RegistryError(.local, "\(failure)")
    }
    guard result == CURLE_OK else {
      throw RegistryError(kind(of: result), reason(of: result))
    }
    return transfer.response
  }

  private func kind(of result: CURLcode) -> RegistryError.Kind {
    switch result {
    // A certificate that does not hold will not hold at the next try, and is no reason to do without TLS; a name that no resolver
    // knows is mistyped, or this machine is offline.
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_URL_MALFORMAT,
      CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE:
      .refused
    case CURLE_COULDNT_CONNECT: .unreachable
    default: .transport
    }
  }

  /// libcurl's words for this one failure, where it has some, else those for its kind.
  private func reason(of result: CURLcode) -> String {
    let told = unsafe String(cString: reasonBuffer)
    return told.isEmpty ? unsafe String(cString: curl_easy_strerror(result)) : told
  }

  private func set(_ option: CURLoption, _ value: String) { unsafe _ = ccurl_set_string(handle, option, value) }
  private func set(_ option: CURLoption, _ value: Int) { unsafe _ = ccurl_set_long(handle, option, value) }

  private func applySettings() {
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_USERAGENT, "tote")
    set(CURLOPT_CONNECTTIMEOUT, settings.connectTimeout)
    set(CURLOPT_LOW_SPEED_LIMIT, 1)
    set(CURLOPT_BUFFERSIZE, 512 << 10)
    set(CURLOPT_UPLOAD_BUFFERSIZE, 1 << 20)
    if let bundle = settings.certificateAuthorities {
      unsafe bundle.withUnsafeBytes { bytes in
        unsafe _ = ccurl_set_blob(handle, CURLOPT_CAINFO_BLOB, bytes.baseAddress, bytes.count)
      }
    }
    if let path = settings.clientCertificate { set(CURLOPT_SSLCERT, path.string) }
    if let path = settings.clientKey { set(CURLOPT_SSLKEY, path.string) }
    if settings.skipsVerification {
      set(CURLOPT_SSL_VERIFYPEER, 0)
      set(CURLOPT_SSL_VERIFYHOST, 0)
    }
  }

  private func headerList(_ request: HTTPRequest) -> UnsafeMutablePointer<curl_slist>? {
    // Nobody's upload should wait a second for 100 Continue.
    var list = unsafe curl_slist_append(nil, "Expect:")
    for (name, value) in request.headers { unsafe list = curl_slist_append(list, "\(name): \(value)") }
    return unsafe list
  }

  private func setMethod(_ request: HTTPRequest) {
    switch request.body {
    case .none:
      switch request.method {
      case .get: set(CURLOPT_HTTPGET, 1)
      case .head: set(CURLOPT_NOBODY, 1)
      default:
        set(CURLOPT_POSTFIELDSIZE, 0)
        unsafe _ = ccurl_set_string(handle, CURLOPT_COPYPOSTFIELDS, "")
        set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
      }
    case .bytes(let bytes):
      unsafe _ = ccurl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
      unsafe bytes.withUnsafeBytes { bytes in
        let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        // libcurl copies them (CURLOPT_COPYPOSTFIELDS).
        unsafe _ = ccurl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, start)
      }
      set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    case .stream(_, _, let size):
      set(CURLOPT_UPLOAD, 1)
      unsafe _ = ccurl_set_offset(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(size))
      set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    }
  }

  private func setCallbacks(_ transfer: HTTPTransfer) {
    let context = unsafe Unmanaged.passUnretained(transfer).toOpaque()
    unsafe ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    unsafe ccurl_set_transfer(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      guard let context = unsafe context else { return 0 }
      let transfer = unsafe Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
      unsafe transfer.header(UnsafeRawBufferPointer(start: bytes, count: size * count))
      return size * count
    }
    unsafe ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    unsafe ccurl_set_transfer(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      guard let context = unsafe context else { return 0 }
      let transfer = unsafe Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
      return unsafe transfer.receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
    }
    guard transfer.source != nil else { return }
    unsafe ccurl_set_pointer(handle, CURLOPT_READDATA, context)
    unsafe ccurl_set_transfer(handle, CURLOPT_READFUNCTION) { bytes, size, count, context in
      guard let context = unsafe context else { return Int(CURL_READFUNC_ABORT) }
      let transfer = unsafe Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
      return unsafe transfer.send(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count)) ?? Int(CURL_READFUNC_ABORT)
    }
  }
}
