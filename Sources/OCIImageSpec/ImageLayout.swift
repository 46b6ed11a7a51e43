/// The file `oci-layout` that marks a directory as an image layout (image-spec image-layout.md#oci-layout-file).
package struct ImageLayout: Hashable, Sendable, Codable {
  package static let fileName = "oci-layout"
  package static let indexName = "index.json"
  package static let blobsName = "blobs"
  package static let version = "1.0.0"

  package var imageLayoutVersion: String

  package init(imageLayoutVersion: String = ImageLayout.version) { self.imageLayoutVersion = imageLayoutVersion }
}
