package import OCIImageSpec
package import SystemPackage

/// What `docker build`'s flags ask for.
package struct BuildOptions: Sendable {
  /// When a base image is fetched.
  package enum Pull: String, Sendable, CaseIterable { case always, missing, never }
  package enum Network: String, Sendable, CaseIterable { case `default`, none, host }

  /// `--secret id=NAME,src=FILE` or `,env=VARIABLE`.
  package struct Secret: Sendable {
    package enum Source: Sendable { case file(FilePath), environment(String) }
    package var id: String
    package var source: Source
    package init(id: String, source: Source) {
      self.id = id
      self.source = source
    }
  }

  /// How stages are built by processes of their own.
  package struct StageProcesses: Sendable {
    /// Those of this program, with which it comes to the same options.
    package var arguments: [String]
    /// dfparse's JSON.
    package var document: [UInt8]
    /// How many at the same time.
    package var count: Int

    package init(arguments: [String], document: [UInt8], count: Int) {
      self.arguments = arguments
      self.document = document
      self.count = count
    }
  }

  /// Lines of the Dockerfile before whose steps there is a shell.
  package var breakLines: Set<Int> = []
  /// A RUN that fails gives a shell in its container.
  package var isShellOnFailure = false
  /// Nil: one stage after the other.
  package var stageProcesses: StageProcesses?
  /// The build context; nil for a build without one (the Dockerfile alone).
  package var context: ContextSource?
  /// The Dockerfile as messages name it; `<it>.dockerignore` is looked for beside it.
  package var dockerfile = "Dockerfile"
  package var tags: [Reference] = []
  /// None means an image in the store.
  package var outputs: [BuildOutput] = []
  package var target: String?
  package var buildArguments: [String: String] = [:]
  package var labels: [(name: String, value: String)] = []
  package var annotations: [(name: String, value: String)] = []
  package var noCache = false
  /// Stages, in lower case, in which the cache is not looked at.
  package var noCacheStages: Set<String> = []
  package var attestations = Attestations()
  package var cacheSources: [CachePlace] = []
  package var cacheTargets: [CachePlace] = []
  /// Nothing is run: it is told what would be, and why.
  package var isExplained = false
  /// All layers above the base image's become one.
  package var squash = false
  package var pull = Pull.missing
  package var platform = Platform.host
  package var network = Network.default
  package var addHosts: [String] = []
  package var shmSize: String?
  package var ulimits: [String] = []
  /// Flags of `ocibundle create` that limit RUN's containers; no part of what comes of it.
  package var limits: [String] = []
  /// `--allow`: what a Dockerfile may ask for that is beyond a container's usual rights.
  package var entitlements: Set<String> = []
  /// `--build-context NAME=SOURCE`.
  package var contexts: [String: ContextSource] = [:]
  package var secrets: [Secret] = []
  /// `--ssh NAME[=SOCKET]`.
  package var agents: [String: FilePath] = [:]

  package init() {}
}
