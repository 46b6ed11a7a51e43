import ArgumentParser
import CommandSupport
import ImageStore
import Linux
import SystemPackage

/// Every verb of the image store.
enum StoreVerbs {
  static let all: [any ParsableCommand.Type] = [
    Images.self, Tag.self, Remove.self, Inspect.self, HistoryVerb.self, Save.self, Load.self, Import.self, Export.self,
    Commit.self, Changes.self, Explore.self, DiskUsage.self, Unpack.self, Verify.self, Fsck.self, GC.self, Prune.self, Builder.self,
  ]
}

/// Where the store is.
struct StoreLocation: ParsableArguments {
  @ArgumentParser.Option(name: .customLong("root"), help: "The durable root. (default: $TOTE_ROOT, else /var/lib/tote)")
  var path: String?

  var store: ImageStore {
    ImageStore(Roots.durable(path))
  }
}

/// Runs what a verb does; an error ends the process with its one line.
func orFail<Value>(_ body: () throws -> Value) -> Value {
  do { return try body() } catch { fail("\(error)") }
}

/// Runs `body` for each, goes on after an error, and ends with exit code 1 where there was one.
func forEach(_ operands: [String], _ body: (String) throws -> Void) {
  var failed = false
  for operand in operands {
    do { try body(operand) } catch {
      Diagnostics.error("\(error)")
      failed = true
    }
  }
  if failed { exitProcess(CommandSupport.ExitCode.failure) }
}

/// Text that ends its own lines, to standard output.
func printText(_ text: String) {
  if text.hasSuffix("\n") { printLine(String(text.dropLast())) } else if !text.isEmpty { printLine(text) }
}
