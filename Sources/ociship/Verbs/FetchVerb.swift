import ArgumentParser
import CommandSupport
import JSON
import Linux
import Registry
import SystemPackage

/// `ociship fetch URL FILE`: a file of the web; what ADD and build contexts at URLs are made of.
struct FetchVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Fetch a file by HTTP, and tell of it in JSON.",
    discussion: "FILE must not be there. With --etag or --last-modified a file that has not changed since is not fetched.")

  @ArgumentParser.Option(help: "What the server called the version that is known.") var etag: String?
  @ArgumentParser.Option(help: "When the version that is known was changed, as the server said it.") var lastModified: String?
  @ArgumentParser.Argument(help: "http:// or https://") var url: String
  @ArgumentParser.Argument(help: "Where to write it.") var file: String

  func validate() throws {
    guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
      throw ValidationError("'\(url)': expected http:// or https://")
    }
  }

  func run() {
    attempt {
      var download = FileDownload(url)
      download.etag = etag
      download.lastModified = lastModified
      let answer: FileDownload.Answer
      let target = try openFile(FilePath(file), [.writeOnly, .create, .exclusive])
      do { answer = try download.fetch(into: target) } catch {
        try? removeFile(FilePath(file))
        throw error
      }
      if !answer.isModified { try removeFile(FilePath(file)) }
      printLine("\(json(answer))")
    }
  }

  private func json(_ answer: FileDownload.Answer) -> JSONValue {
    var object: JSONObject = ["url": .string(answer.url), "modified": .bool(answer.isModified)]
    if answer.isModified {
      object["digest"] = .string("\(answer.digest)")
      object["size"] = .integer(answer.size)
    }
    if let etag = answer.etag { object["etag"] = .string(etag) }
    if let lastModified = answer.lastModified { object["lastModified"] = .string(lastModified) }
    if let disposition = answer.contentDisposition { object["contentDisposition"] = .string(disposition) }
    return .object(object)
  }
}
