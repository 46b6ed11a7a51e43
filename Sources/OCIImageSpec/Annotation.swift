/// The annotation keys that are defined somewhere (image-spec annotations.md#pre-defined-annotation-keys).
package enum Annotation {
  package static let created = "org.opencontainers.image.created"
  package static let authors = "org.opencontainers.image.authors"
  package static let url = "org.opencontainers.image.url"
  package static let documentation = "org.opencontainers.image.documentation"
  package static let source = "org.opencontainers.image.source"
  package static let version = "org.opencontainers.image.version"
  package static let revision = "org.opencontainers.image.revision"
  package static let vendor = "org.opencontainers.image.vendor"
  package static let licenses = "org.opencontainers.image.licenses"
  /// Only on the descriptors of a layout's index.json: the name of the target.
  package static let refName = "org.opencontainers.image.ref.name"
  package static let title = "org.opencontainers.image.title"
  package static let description = "org.opencontainers.image.description"
  package static let baseDigest = "org.opencontainers.image.base.digest"
  package static let baseName = "org.opencontainers.image.base.name"

  /// containerd's: the full name of an image in an archive, beside a `refName` that is only the tag.
  package static let containerdImageName = "io.containerd.image.name"
  /// BuildKit's, on the descriptor of an attestation: what it is, and the manifest that it is about.
  package static let dockerReferenceType = "vnd.docker.reference.type"
  package static let dockerReferenceDigest = "vnd.docker.reference.digest"
}
