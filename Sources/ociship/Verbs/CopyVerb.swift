import ArgumentParser
import CommandSupport
import ImageTransfer
import OCIImageSpec
import Registry

struct CopyVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "copy", abstract: "Copy an image from one registry to another, past the store.")

  @OptionGroup var registry: RegistryOptionsGroup
  @OptionGroup var transfer: TransferOptions
  @Flag(name: .long, help: "Copy what refers to the image as well: signatures, SBOMs.") var referrers = false
  @ArgumentParser.Option(
    name: .long, help: ArgumentHelp("Bytes of one request of an upload (0: all in one).", valueName: "size"))
  var chunkSize: ByteCount?
  @Argument(help: ArgumentHelp("NAME[:TAG|@DIGEST]", valueName: "source")) var source: String
  @Argument(help: ArgumentHelp("NAME[:TAG]", valueName: "destination")) var destination: String

  func run() {
    attempt {
      let from = try readReference(source).withDefaultTag
      let typed = try readReference(destination)
      if typed.digest != nil { throw Failure("cannot copy to a digest reference: '\(destination)'") }
      // A copy without a tag of its own keeps that of the source.
      let tag = typed.tag ?? from.tag ?? Reference.defaultTag
      let to = try typed.withTag(tag)
      var copy = Copy(
        from, from: try registry.sources(from), to: try registry.repository(to, chunkSize: chunkSize?.value ?? 0), tag: tag)
      copy.platform = try transfer.wanted
      copy.withReferrers = referrers
      copy.jobs = transfer.jobs
      if transfer.dryRun { return try show(copy) }
      let report = TransferReport(.copy, quiet: transfer.quiet)
      copy.report = { report($0) }
      let root = try copy.run()
      printLine(transfer.quiet ? to.description : "\(to.familiarDescription): digest: \(root.digest) size: \(root.size)")
    }
  }

  private func show(_ copy: Copy) throws {
    var table = TransferTable()
    let plan = try copy.plan()
    let destination = copy.destination
    for blob in plan.blobs { table.add(blob, isThere: try destination.client.hasBlob(destination.path, blob)) }
    for document in plan.documents { table.add(document.descriptor, isThere: false) }
    table.show(verb: "copied")
  }
}
