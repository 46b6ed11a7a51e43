/// The `schemaVersion` of manifests and indexes: 2, for compatibility with Docker's.
package enum SchemaVersion: Int, Sendable, Codable { case two = 2 }
