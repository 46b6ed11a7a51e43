import ArgumentParser
import CommandSupport
import ImageStore
import JSON
import Linux

/// `layerctl fsck`: reads the whole store through.
struct Fsck: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Check every byte of the image store, and say what to do.")

  @OptionGroup var location: StoreLocation
  @Flag(help: "Put right what can be, moving what is damaged to images/damaged/.") var repair = false
  @Flag(name: .shortAndLong, help: "Say nothing of what merely takes room.") var quiet = false
  @Flag(help: "Write the findings as JSON.") var json = false

  func run() {
    let store = location.store
    orFail {
      let findings = try store.check().filter { !quiet || !$0.isHarmless }
      if json {
        printText(String(decoding: JSONValue.array(findings.map(\.json)).serialized(pretty: true), as: UTF8.self))
      } else {
        for finding in findings { printLine("\(finding.isHarmless ? "note" : "error"): \(finding.message)\n  \(finding.remedy)") }
      }
      if repair, !findings.isEmpty {
        for line in try store.repair(findings) { try StandardStream.error.write("\(line)\n") }
      }
      if findings.contains(where: { !$0.isHarmless }) { exitProcess(CommandSupport.ExitCode.failure) }
    }
  }
}

extension Finding {
  var json: JSONValue {
    ["severity": .string(isHarmless ? "note" : "error"), "message": .string(message), "remedy": .string(remedy)]
  }
}
