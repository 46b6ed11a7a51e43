import ArgumentParser
import ArgumentParsing
import CommandSupport

/// Ships images between registries and the store.
struct Ociship: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ociship", abstract: "Ship images: pull, push, login, tags", version: "ociship \(toteVersion)",
    subcommands: [
      PullVerb.self, PushVerb.self, LoginVerb.self, LogoutVerb.self, FetchVerb.self, TagsVerb.self, InspectVerb.self, CatalogVerb.self,
    ])
}

Ociship.start()
