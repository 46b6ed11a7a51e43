import JSON
import OCIImageSpec
import Testing

@Suite struct MediaTypeTests {
  @Test func layers() {
    #expect(MediaType.layerGzip.layerCompression == .gzip && MediaType.dockerLayer.layerCompression == MediaType.Compression.none)
    #expect(MediaType.imageConfig.layerCompression == nil && !MediaType.emptyJSON.isLayer && MediaType.dockerLayerZstd.isLayer)
    #expect(MediaType.dockerForeignLayerGzip.isNonDistributable && !MediaType.dockerLayerGzip.isNonDistributable)
    #expect(MediaType.Compression.allCases.map(MediaType.layer) == [.layer, .layerGzip, .layerZstd])
  }

  @Test(arguments: [
    (MediaType.dockerManifestList, MediaType.imageIndex), (.dockerManifest, .imageManifest), (.dockerConfig, .imageConfig),
    (.dockerLayer, .layer), (.dockerLayerGzip, .layerGzip), (.dockerLayerZstd, .layerZstd),
    (.dockerForeignLayer, .nonDistributableLayer), (.dockerForeignLayerGzip, .nonDistributableLayerGzip),
    (.nonDistributableLayerZstd, .nonDistributableLayerZstd), (.layerZstd, .layerZstd),
    (MediaType(rawValue: "x"), MediaType(rawValue: "x")),
  ])
  func equivalents(type: MediaType, oci: MediaType) { #expect(type.ociEquivalent == oci) }

  @Test func isAStringInDocuments() throws {
    #expect(try encodeJSON([MediaType.emptyJSON]) == Array(#"["application/vnd.oci.empty.v1+json"]"#.utf8))
    #expect(try decodeJSON([MediaType].self, from: ["x"]) == [MediaType(rawValue: "x")])
  }
}
