import ArgumentParser
import ArgumentParsing
import CommandSupport
import Linux

/// Ships images between registries and the store.
struct Ociship: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ociship", abstract: "Ship images: pull, push, copy, login, inspect, tags, search", version: "ociship \(toteVersion)",
    subcommands: [
      PullVerb.self, PushVerb.self, CopyVerb.self, LoginVerb.self, LogoutVerb.self, FetchVerb.self, InspectVerb.self, TagsVerb.self,
      CatalogVerb.self, SearchVerb.self, ReferrersVerb.self, DeleteVerb.self,
    ])
}

// A registry that hangs up while it is written to over TLS is an error of that connection, not the end of the process.
Signal.setIgnored(Signal.pipe, true)
Ociship.start()
