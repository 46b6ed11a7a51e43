import ArgumentParser
import CommandSupport
import ImageStore
import ImageTransfer
import LayerArchive
import OCIImageSpec
import Registry

struct PushVerb: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "push", abstract: "Send an image of the store to a registry.")

  @OptionGroup var store: StoreOptions
  @OptionGroup var registry: RegistryOptionsGroup
  @OptionGroup var transfer: TransferOptions
  @Flag(name: [.customShort("a"), .long], help: "Send every tag of the repository that the store has.") var allTags = false
  @Flag(name: .long, help: "Send what the store has that refers to the image as well: signatures, SBOMs.") var referrers = false
  @ArgumentParser.Option(
    name: .long, help: ArgumentHelp("Bytes of one request of an upload (0: all in one).", valueName: "size"))
  var chunkSize: ByteCount?
  @ArgumentParser.Option(
    name: .long, help: ArgumentHelp("How layers are compressed that were built here: gzip, zstd or none[:level].", valueName: "format"))
  var compression = "gzip"
  @Argument(help: ArgumentHelp("NAME[:TAG]", valueName: "name")) var name: String

  mutating func validate() throws {
    guard LayerCompression(compression) != nil else { throw ValidationError("'\(compression)' is not a compression") }
  }

  func run() {
    attempt {
      let typed = try readReference(name)
      if typed.digest != nil { throw Failure("cannot push a digest reference: '\(name)'") }
      guard allTags else {
        if !transfer.quiet, !transfer.dryRun, typed.isNameOnly, try isThere(typed) { printLine("Using default tag: latest") }
        return try push(typed.withDefaultTag)
      }
      if typed.tag != nil { throw Failure("tag can't be used with --all-tags/-a") }
      let names = try store.store.entries().compactMap(\.imageName).filter { $0.name == typed.name && $0.tag != nil && $0.digest == nil }
      if names.isEmpty { throw Failure("An image does not exist locally with the tag: \(typed.familiarName)") }
      for name in names { try push(name) }
    }
  }

  private func isThere(_ reference: Reference) throws -> Bool { try store.store.target(named: reference) != nil }

  private func push(_ reference: Reference) throws {
    // Before anything is sent: a name that the store has not.
    guard try isThere(reference) else { throw ImageStoreError.noSuchImage(reference.familiarDescription) }
    var push = Push(reference, from: store.store, to: try registry.repository(reference, chunkSize: chunkSize?.value ?? 0))
    push.platform = try transfer.wanted
    push.jobs = transfer.jobs
    push.withReferrers = referrers
    push.compression = LayerCompression(compression) ?? .gzip
    push.warn = { Diagnostics.warning($0) }
    if transfer.dryRun { return try show(push) }
    if !transfer.quiet { printLine("The push refers to repository [\(reference.name)]") }
    let report = TransferReport(.push, quiet: transfer.quiet)
    push.report = { report($0) }
    let outcome = try push.run()
    printLine(transfer.quiet ? reference.description : "\(reference.tag ?? ""): digest: \(outcome.digest) size: \(outcome.size)")
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
