import ArgumentParser
import CommandSupport
import ImageStore
import ImageTransfer
import OCIImageSpec
import Registry

struct PullVerb: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "pull", abstract: "Fetch an image from a registry into the store.")

  @OptionGroup var store: StoreOptions
  @OptionGroup var registry: RegistryOptionsGroup
  @OptionGroup var transfer: TransferOptions
  @Flag(name: [.customShort("a"), .long], help: "Fetch every tag of the repository.") var allTags = false
  @Flag(name: .long, help: "Fetch every image of an index.") var allPlatforms = false
  @Flag(name: .long, help: "Fetch what refers to the image as well: signatures, SBOMs.") var referrers = false
  @Flag(name: .long, help: "Unpack the layers as they come.") var unpack = false
  @Argument(help: ArgumentHelp("NAME[:TAG|@DIGEST]", valueName: "name")) var name: String

  mutating func validate() throws {
    if allPlatforms, transfer.platform != nil { throw ValidationError("--all-platforms and --platform are mutually exclusive") }
    if allPlatforms, unpack { throw ValidationError("--all-platforms and --unpack are mutually exclusive") }
  }

  func run() {
    attempt {
      let typed = try readReference(name)
      guard allTags else { return try pull(typed.withDefaultTag, typed) }
      if !typed.isNameOnly { throw Failure("tag can't be used with --all-tags/-a") }
      let repository = try registry.repository(typed)
      let tags = try repository.client.tags(repository.path, named: typed.familiarName)
      if tags.isEmpty { throw Failure("\(typed.familiarName): the registry has no tag of it") }
      for tag in tags { try pull(try typed.withTag(tag), nil) }
    }
  }

  private func pull(_ reference: Reference, _ typed: Reference?) throws {
    var pull = Pull(reference, into: store.store, from: try registry.sources(reference))
    pull.platform = allPlatforms ? nil : try transfer.wanted ?? .host
    pull.jobs = transfer.jobs
    pull.withReferrers = referrers
    pull.unpacks = unpack
    if transfer.dryRun { return try show(try pull.plan()) }
    if !transfer.quiet, typed?.isNameOnly == true { printLine("Using default tag: latest") }
    if !transfer.quiet { printLine("\(reference.tag ?? reference.digest?.description ?? ""): Pulling from \(reference.path)") }
    let report = TransferReport(.pull, quiet: transfer.quiet)
    pull.report = { report($0) }
    pull.warn = { Diagnostics.warning($0) }
    let outcome = try pull.run()
    if !transfer.quiet {
      printLine("Digest: \(outcome.digest)")
      let what = outcome.wasUpToDate ? "Image is up to date" : "Downloaded newer image"
      printLine("Status: \(what) for \(reference.familiarDescription)")
    }
    printLine(reference.description)
  }

  private func show(_ plan: Pull.Plan) throws {
    var table = TransferTable()
    for blob in plan.tree.blobs { table.add(blob, isThere: try store.store.hasBlob(blob.digest, size: blob.size)) }
    for document in plan.tree.documents {
      table.add(document.descriptor, isThere: try store.store.hasBlob(document.descriptor.digest, size: document.descriptor.size))
    }
    table.show(verb: "fetched")
  }
}
