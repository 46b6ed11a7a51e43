import ArgumentParser
import CommandSupport
import ImageStore
import ImageTransfer
import OCIImageSpec
import Registry

struct PushVerb: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "push", abstract: "Send an image of the store to a registry.")

  @OptionGroup var store: StoreOptions
  @OptionGroup var registry: RegistryOptionsGroup
  @OptionGroup var transfer: TransferOptions
  @Flag(name: .long, help: "Send what the store has that refers to the image as well: signatures, SBOMs.") var referrers = false
  @ArgumentParser.Option(
    name: .long, help: ArgumentHelp("Bytes of one request of an upload (0: all in one).", valueName: "size"))
  var chunkSize: ByteCount?
  @Argument(help: ArgumentHelp("NAME[:TAG]", valueName: "name")) var name: String

  func run() {
    attempt {
      let typed = try readReference(name)
      if typed.digest != nil { throw Failure("cannot push a digest reference: '\(name)'") }
      let reference = typed.withDefaultTag
      // Before anything is sent: a name that the store has not.
      guard try store.store.target(named: reference) != nil else { throw ImageStoreError.noSuchImage(reference.familiarDescription) }
      var push = Push(reference, from: store.store, to: try registry.repository(reference, chunkSize: chunkSize?.value ?? 0))
      push.platform = try transfer.wanted
      push.jobs = transfer.jobs
      push.withReferrers = referrers
      push.warn = { Diagnostics.warning($0) }
      if transfer.dryRun { return try show(push) }
      if !transfer.quiet {
        if typed.isNameOnly { printLine("Using default tag: latest") }
        printLine("The push refers to repository [\(reference.name)]")
      }
      let report = TransferReport(.push, quiet: transfer.quiet)
      push.report = { report($0) }
      let outcome = try push.run()
      printLine(transfer.quiet ? reference.description : "\(reference.tag ?? ""): digest: \(outcome.digest) size: \(outcome.size)")
    }
  }

  private func show(_ push: Push) throws {
    var table = TransferTable()
    let plan = try push.plan()
    for blob in plan.blobs {
      table.add(blob.descriptor, isThere: try push.repository.client.hasBlob(push.repository.path, blob.descriptor))
    }
    for document in plan.documents { table.add(document, isThere: false) }
    table.show(verb: "sent")
  }
}
