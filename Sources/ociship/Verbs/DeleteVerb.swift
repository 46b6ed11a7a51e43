import ArgumentParser
import CommandSupport
import OCIImageSpec
import Registry

struct DeleteVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Remove a tag, or a manifest with all its tags, from a registry.")

  @OptionGroup var registry: RegistryOptionsGroup
  @Flag(name: [.short, .long], help: "Where a tag cannot be removed alone, remove its manifest with all other tags of it.") var force =
    false
  @Flag(name: .long, help: "Say what would be removed, and remove nothing.") var dryRun = false
  @Argument(help: ArgumentHelp("NAME:TAG or NAME@DIGEST", valueName: "name")) var names: [String]

  func run() {
    attempt {
      // A mistyped name is found before the first is removed.
      let references = try names.map { name in
        let reference = try readReference(name)
        if reference.isNameOnly { throw Failure("'\(name)': what is to be removed, a tag or a digest?") }
        return reference
      }
      for reference in references { try delete(reference) }
    }
  }

  private func delete(_ reference: Reference) throws {
    let repository = try registry.repository(reference)
    let (client, path, name) = (repository.client, repository.path, reference.familiarDescription)
    if let digest = reference.digest {
      if dryRun { return printLine("would delete \(reference.familiarName)@\(digest)") }
      try client.deleteManifest(path, digest, named: name)
      return printLine("Deleted: \(reference.familiarName)@\(digest)")
    }
    guard let tag = reference.tag else { return }
    let digest = try client.manifestDigest(path, tag, named: name)
    if dryRun { return printLine("would untag \(name) (\(digest))") }
    if try client.deleteTag(path, tag, named: name) { return printLine("Untagged: \(name)") }
    guard force else {
      throw Failure("\(name): the registry cannot remove a tag alone; --force removes the manifest \(digest) with every tag that it has")
    }
    try client.deleteManifest(path, digest, named: name)
    printLine("Deleted: \(reference.familiarName)@\(digest)")
  }
}
