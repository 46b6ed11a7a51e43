import ArgumentParser
import ArgumentParsing
import CommandSupport

/// Ships images between registries and the store.
struct Ociship: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ociship", abstract: "Ship images: pull, push, copy, login, inspect, tags, search", version: "ociship \(toteVersion)",
    subcommands: [
      PullVerb.self, PushVerb.self, CopyVerb.self, LoginVerb.self, LogoutVerb.self, FetchVerb.self, InspectVerb.self, TagsVerb.self,
      CatalogVerb.self, SearchVerb.self, ReferrersVerb.self, DeleteVerb.self,
    ])
}

Ociship.start()
