import JSON
import OCIImageSpec
import Testing

private let zero = String(repeating: "0", count: 64)
private let one = String(repeating: "1", count: 64)

/// What is decoded and encoded again must be the same text where it was in the specification's order.
@Suite struct DocumentTests {
  private func roundTrip<T: Codable>(_ type: T.Type, _ text: String) throws -> String {
    String(decoding: try encodeJSON(decodeJSON(type, from: Array(text.utf8))), as: UTF8.self)
  }

  private func message<T: Codable>(_ type: T.Type, _ text: String) -> String? {
    do throws(JSONError) { _ = try decodeJSON(type, from: Array(text.utf8)) } catch { return error.description }
    return nil
  }

  @Test func descriptor() throws {
    let text =
      #"{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:\#(zero)","size":9223372036854775807,"#
      + #""urls":["https://example.com/a"],"annotations":{"a":"1","b":"2"},"data":"e30=","#
      + #""platform":{"architecture":"arm","os":"linux","os.version":"1","os.features":["f"],"variant":"v7","features":["sse4"]},"#
      + #""artifactType":"application/x","zz":{"y":1.0},"aa":null}"#
    #expect(try roundTrip(Descriptor.self, text) == text)
  }

  @Test func badDescriptors() {
    let type = #""mediaType":"x""#
    let digest = #""digest":"sha256:\#(zero)""#
    #expect(message(Descriptor.self, "{\(type),\(digest),\"size\":-1}") == "size: -1 is negative")
    #expect(message(Descriptor.self, "{\(type),\(digest)}") == "size: missing")
    #expect(message(Descriptor.self, "{\(type),\(digest),\"size\":1e3}") == "size: 1e3 is not an integer from \(Int64.min) to \(Int64.max)")
    #expect(message(Descriptor.self, "{\(digest),\"size\":1}") == "mediaType: missing")
    for digest in ["", "sha256", "sha256:", "sha256:00", "sha256:" + zero + "0", "SHA256:" + zero, "md5:" + zero, "sha512:" + zero] {
      #expect(
        message(Descriptor.self, "{\(type),\"digest\":\"\(digest)\",\"size\":1}")
          == "digest: '\(digest)' is not a sha256 or sha512 digest")
    }
    #expect(message(Descriptor.self, "{\(type),\(digest),\"size\":1,\"data\":\"e3\"}") == "data: not base64")
  }

  @Test func manifest() throws {
    let config = #"{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:\#(zero)","size":2}"#
    let layer = #"{"mediaType":"application/vnd.oci.image.layer.v1.tar+zstd","digest":"sha256:\#(one)","size":3,"x-layer":[1]}"#
    let text =
      #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/x","#
      + #""config":\#(config),"layers":[\#(layer)],"subject":\#(config),"annotations":{"k":"v"},"future":true}"#
    #expect(try roundTrip(ImageManifest.self, text) == text)
    #expect(message(ImageManifest.self, #"{"schemaVersion":1}"#) == "schemaVersion: unknown value 1")
    #expect(
      message(ImageManifest.self, #"{"schemaVersion":2,"config":\#(config),"layers":[\#(layer),{"mediaType":"x","size":1}]}"#)
        == "layers[1].digest: missing")
    let empty = try decodeJSON(ImageManifest.self, from: Array(#"{"schemaVersion":2,"config":\#(config),"layers":null}"#.utf8))
    #expect(empty.layers.isEmpty && empty.mediaType == nil)
  }

  @Test func index() throws {
    let text =
      #"{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json","manifests":["#
      + #"{"mediaType":"application/vnd.docker.distribution.manifest.v2+json","digest":"sha256:\#(one)","size":3,"#
      + #""platform":{"architecture":"amd64","os":"linux"}}],"annotations":{"k":"v"},"future":[1,{"b":1,"a":2}]}"#
    #expect(try roundTrip(ImageIndex.self, text) == text)
    #expect(try decodeJSON(ImageIndex.self, from: Array(text.utf8)).mediaType?.isIndex == true)
    #expect(
      try encodeJSON(ImageIndex())
        == Array(#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#.utf8))
  }

  @Test func configuration() throws {
    let text =
      #"{"created":"2026-01-02T03:04:05.678901234Z","author":"a","architecture":"arm64","os":"linux","os.version":"1","os.features":[],"#
      + #""variant":"v8","config":{"User":"1000:1000","ExposedPorts":{"53/udp":{},"80/tcp":{}},"Env":["A=1","B="],"Entrypoint":["/e"],"#
      + #""Cmd":["c"],"Volumes":{"/data":{}},"WorkingDir":"/w","Labels":{"a":"1","b":"2"},"StopSignal":"SIGINT","ArgsEscaped":true,"#
      + #""Memory":1,"MemorySwap":-1,"CpuShares":2,"Healthcheck":{"Test":["CMD","/t"],"Interval":1000000000,"Timeout":2,"#
      + #""StartPeriod":3,"StartInterval":4,"Retries":5,"New":1},"OnBuild":["RUN x"],"Shell":["/bin/sh","-c"],"Hostname":"h","Tty":false},"#
      + #""rootfs":{"type":"layers","diff_ids":["sha256:\#(zero)","sha256:\#(one)"],"base":"x"},"history":[{"created":"2026-01-02T03:04:05Z","#
      + #""created_by":"RUN x","author":"b","comment":"c","empty_layer":true,"y":1},{}],"moby.buildkit.buildinfo.v1":"e30=","docker_version":"1"}"#
    #expect(try roundTrip(ImageConfiguration.self, text) == text)
    let configuration = try decodeJSON(ImageConfiguration.self, from: Array(text.utf8))
    #expect(configuration.config?.exposedPorts == ["80/tcp", "53/udp"])
    #expect(configuration.platform.description == "linux/arm64/v8")
    #expect(configuration.config?.unknown.members["Hostname"] == "h")
  }

  @Test func configurationsOfDocker() throws {
    let text =
      #"{"architecture":"amd64","config":{"Env":null,"Entrypoint":null,"Volumes":null,"Labels":null,"OnBuild":null},"os":"linux","rootfs":{"type":"layers"}}"#
    let configuration = try decodeJSON(ImageConfiguration.self, from: Array(text.utf8))
    #expect(configuration.config == ImageConfiguration.Config() && configuration.rootfs.diffIDs.isEmpty)
    #expect(message(ImageConfiguration.self, #"{"architecture":"a","os":"l","rootfs":{"type":"x"}}"#) == "rootfs.type: unknown value 'x'")
    #expect(message(ImageConfiguration.self, #"{"architecture":"a","os":"l"}"#) == "rootfs: missing")
    #expect(
      message(ImageConfiguration.self, #"{"architecture":"a","os":"l","rootfs":{"type":"layers","diff_ids":["x"]}}"#)
        == "rootfs.diff_ids[0]: 'x' is not a sha256 or sha512 digest")
  }

  @Test func layout() throws {
    #expect(try encodeJSON(ImageLayout()) == Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8))
    #expect(message(ImageLayout.self, "{}") == "imageLayoutVersion: missing")
  }
}
