internal import JSON
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

/// A file of the web, fetched by `ociship fetch`.
struct Download {
  let url: String

  /// What is known of a version of the file.
  struct Version: Codable {
    var digest: Digest
    var size: Int64
    var etag: String?
    var lastModified: String?
    var contentDisposition: String?
  }

  /// Writes the file to `path`, which is not there; nil where it is still `known`, and nothing was written.
  func fetch(to path: FilePath, unlessIs known: Version?) throws(BuildError) -> Version? {
    var arguments = ["fetch"]
    // A date alone says too little: it has seconds only.
    if let etag = known?.etag { arguments += ["--etag", etag] }
    let result = try attempting("'\(url)': cannot run ociship") { try ToolOutput("ociship", arguments + [url, path.string]) }
    if result.status != .exited(0) { throw BuildError(result.reason("ociship")) }
    return try attempting("'\(url)'") {
      let answer = try JSONValue(parsing: result.output)
      if answer["modified"]?.boolValue == false { return nil }
      return try decodeJSON(Version.self, from: answer)
    }
  }

  /// The name that the file gets in a directory: the last part of the address, else what the server calls it, else `download`.
  func fileName(_ version: Version) -> String {
    let path = url.prefix { $0 != "?" && $0 != "#" }.drop { $0 != ":" }.dropFirst(3)
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count > 1, let last = parts.last, !last.isEmpty, last != ".", last != ".." { return String(last) }
    let told = version.contentDisposition?.firstRange(of: "filename=").map { version.contentDisposition?[$0.upperBound...] ?? "" }
    let name = (told ?? "").prefix { $0 != ";" }.filter { $0 != "\"" }.split(separator: "/").last ?? ""
    return name.isEmpty || name == "." || name == ".." ? "download" : String(name)
  }
}
