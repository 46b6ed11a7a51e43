internal import Dockerfile
internal import JSON
internal import Linux
internal import OCIImageSpec

/// Something that a build was made from.
struct Material: Codable, Hashable, Sendable {
  var uri: String
  /// By algorithm, in hexadecimal.
  var digest: [String: String]
}

/// How an image was made, as SLSA's provenance 0.2 says it and BuildKit fills it in. No secret and no value of one is in it.
struct Provenance {
  static let predicateType = "https://slsa.dev/provenance/v0.2"

  private let build: Build

  init(_ build: Build) { self.build = build }

  func predicate(_ mode: Attestations.Provenance) throws -> JSONValue {
    var parameters: JSONObject = ["frontend": "dockerfile.v0"]
    let options = build.options
    if mode == .max {
      var arguments: JSONObject = [:]
      for (name, value) in options.buildArguments.sorted(by: { $0.key < $1.key }) { arguments["build-arg:\(name)"] = .string(value) }
      for (name, value) in options.labels { arguments["label:\(name)"] = .string(value) }
      if let target = options.target { arguments["target"] = .string(target) }
      parameters["args"] = .object(arguments)
      parameters["secrets"] = .array(options.secrets.map { ["id": .string($0.id), "optional": true] })
      parameters["ssh"] = .array(options.agents.keys.sorted().map { ["id": .string($0), "optional": true] })
    }
    parameters["locals"] = [["name": "context"], ["name": "dockerfile"]]
    var seen: Set<Material> = []
    let materials = build.materials.filter { seen.insert($0).inserted }
    return [
      "builder": ["id": ""], "buildType": "https://mobyproject.org/buildkit@v1",
      "materials": try JSONValue(encoding: materials),
      "invocation": [
        "configSource": ["entryPoint": .string(options.dockerfile.split(separator: "/").last.map(String.init) ?? "Dockerfile")],
        "parameters": .object(parameters), "environment": ["platform": .string(Platform.host.description)],
      ],
      "metadata": [
        "buildStartedOn": .string(build.started.rfc3339), "buildFinishedOn": .string(Timestamp(seconds: Timestamp.now.seconds).rfc3339),
        "completeness": ["parameters": .bool(mode == .max), "environment": true, "materials": false], "reproducible": false,
      ],
    ]
  }
}
