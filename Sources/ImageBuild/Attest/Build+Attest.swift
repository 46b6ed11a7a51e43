internal import ImageStore
internal import JSON
internal import OCIImageSpec

extension Build {
  /// Puts an index into the store that has the image and beside it a manifest of statements about it, as BuildKit writes them
  /// (docs/attestations/attestation-storage.md there): what runs the image does not see them, registries carry them along.
  func attested(_ image: Descriptor, _ state: StageState) throws -> Descriptor {
    if options.attestations.isEmpty { return image }
    var statements: [(type: String, predicate: JSONValue)] = []
    if let mode = options.attestations.provenance { statements.append((Provenance.predicateType, try Provenance(self).predicate(mode))) }
    if options.attestations.hasSBOM {
      statements.append((SoftwareList.predicateType, try SoftwareList(of: tree(state, label: "the result"), epoch).predicate))
    }
    var layers: [Descriptor] = []
    for (type, predicate) in statements {
      let statement: JSONValue = [
        "_type": "https://in-toto.io/Statement/v0.1", "predicateType": .string(type), "subject": .array(subjects(image)),
        "predicate": predicate,
      ]
      var layer = try store.put(hold, statement, MediaType(rawValue: "application/vnd.in-toto+json"))
      layer.annotations = ["in-toto.io/predicate-type": type]
      layers.append(layer)
    }
    // The configuration says nothing but what its manifest has.
    var configuration = ImageConfiguration(platform: Platform(os: "unknown", architecture: "unknown"))
    configuration.rootfs.diffIDs = layers.map(\.digest)
    let config = try store.put(hold, configuration, .imageConfig)
    var attestation = try store.put(hold, ImageManifest(config: config, layers: layers), .imageManifest)
    attestation.platform = Platform(os: "unknown", architecture: "unknown")
    attestation.annotations = [
      Annotation.dockerReferenceDigest: "\(image.digest)", Annotation.dockerReferenceType: "attestation-manifest",
    ]
    var bare = image
    bare.annotations = nil
    var index = try store.put(hold, ImageIndex(manifests: [bare, attestation]), .imageIndex)
    index.annotations = image.annotations
    return index
  }

  private func subjects(_ image: Descriptor) -> [JSONValue] {
    let digest: JSONValue = .object([image.digest.algorithm.rawValue: .string(image.digest.encoded)])
    let names = options.tags.map { packageURL($0, options.platform) }
    return (names.isEmpty ? ["_"] : names).map { ["name": .string($0), "digest": digest] }
  }
}

/// `pkg:docker/busybox@1?platform=linux%2Famd64` (github.com/package-url/purl-spec).
func packageURL(_ name: Reference, _ platform: Platform) -> String {
  let version = name.tag ?? name.digest.map { "\($0)" } ?? "latest"
  return "pkg:docker/\(name.familiarName)@\(version)?platform=\(platform.description.replacing("/", with: "%2F"))"
}
