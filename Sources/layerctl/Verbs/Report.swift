import ArgumentParser
import CommandSupport
import JSON
import Linux
import SystemPackage

/// `layerctl report TRACE|-`: a page about a build, of what `layerctl build --trace` has written.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make an HTML page of a build's trace.", discussion: "The page is whole in itself: it loads nothing and runs no script.")

  @ArgumentParser.Argument(help: "What layerctl build --trace has written; - is standard input.") var trace: String

  func run() {
    orFail {
      let bytes = trace == "-" ? try StandardStream.input.readAll() : try readFile(FilePath(trace))
      let page: BuildPage
      do { page = BuildPage(try decodeJSON(ChromeTrace.self, from: bytes)) } catch { fail("'\(trace)' is not a build's trace: \(error)") }
      printText(page.html)
    }
  }
}

/// What is read of a trace: complete events with the arguments that a build gives them.
struct ChromeTrace: Decodable {
  struct Event: Decodable {
    struct Arguments: Decodable {
      var outcome: String?
      var place: String?
      var layer: String?
      var size: Int64?
    }

    var name: String
    var ph: String
    var tid: Int?
    /// Microseconds.
    var ts: Int64?
    var dur: Int64?
    var args: Arguments?
  }

  var traceEvents: [Event]
}
