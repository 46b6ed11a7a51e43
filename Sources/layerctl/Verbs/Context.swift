import ArgumentParser
import CommandSupport
import ImageBuild
import SystemPackage

/// `layerctl context SOURCE DIRECTORY`: fetches a build context that is not a directory.
struct ContextVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "context", abstract: "Fetch a build context into a directory.",
    discussion:
      "SOURCE is a tar archive or a Dockerfile on standard input (-) or by HTTP, or a git repository: ADDRESS[#[REF][:DIRECTORY]].")

  @ArgumentParser.Option(help: "Where a Dockerfile that came alone is put. (default: DIRECTORY/Dockerfile)") var dockerfile: String?
  @ArgumentParser.Flag(help: "Keep a repository's .git.") var keepGitDir = false
  @ArgumentParser.Argument(help: "- or an address.") var source: String
  @ArgumentParser.Argument(help: "A directory that is not there yet.") var directory: String

  func run() {
    orFail {
      let place = FilePath(directory)
      try fetchContext(
        try ContextSource(source), to: place, dockerfile: dockerfile.map { FilePath($0) } ?? place.appending("Dockerfile"),
        scratch: FilePath(place.string + ".fetching"), keepsGitDirectory: keepGitDir)
    }
  }
}
