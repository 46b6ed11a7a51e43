import JSON
import Testing

@testable import Dockerfile

/// The JSON is the contract with layerctl: what is written is read again as the same value.
@Suite struct RoundTripTests {
  @Test func everyInstructionSurvives() throws {
    let source = """
      # syntax=docker/dockerfile:1
      # escape=`
      ARG base=alpine other
      FROM --platform=$BUILDPLATFORM $base AS Build
      # about the run
      RUN --mount=type=cache,target=/x,ro --mount=type=secret,id=a,required --network=none --security=insecure `
        --device=vendor.com/gpu=0,required echo "$x" `
        # inside
        && true
      RUN ["a", "b"]
      RUN <<-"EOF" cat 3<<E2
      \tone
      EOF
      two
      E2
      ADD --chown=1:2 --chmod=u=rwX --link --checksum=sha256:1 --keep-git-dir=false --unpack --exclude=*.o --exclude=b a b /c
      COPY --from=build --parents ["a b", "/c"]
      COPY <<A x <<B /d/
      1
      A
      2
      B
      ENV A=1 B="two three" C=\\ D
      ENV legacy value with spaces
      LABEL x=y
      EXPOSE 80/tcp 8000-8002
      HEALTHCHECK --interval=90s --timeout=1.5s --start-period=0s --start-interval=2ms --retries=3 CMD curl -f x
      HEALTHCHECK NONE
      ONBUILD RUN <<E
      x
      E
      SHELL ["/bin/bash", "-c"]
      STOPSIGNAL 9
      USER a:b
      VOLUME /a /b
      WORKDIR /x y
      MAINTAINER me
      ENTRYPOINT []
      CMD
      # the end

      """
    let document = try DockerfileDocument(parsing: Array(source.replacing("C=\\ D", with: "C=` D").utf8))
    for pretty in [true, false] {
      let decoded = try decodeJSON(DockerfileDocument.self, from: document.json(pretty: pretty))
      #expect(decoded == document)
    }
    #expect(document.stages[0].instructions.count == 21)
    #expect(document.trailing == ["# the end"])
  }

  @Test(arguments: [
    (
      #"{"stages":[{"from":{"instruction":"FROM","image":"a"},"instructions":[{"instruction":"COPY","sorces":["a"],"destination":"b"}]}]}"#,
      "sources"
    ),
    (#"{"stages":[{"from":{"instruction":"FROM","image":"a"},"instructions":[{"instruction":"RUM","command":"a"}]}]}"#, "RUN"),
    (#"{"stages":[{"from":{"instruction":"FROM","image":"a","name":"-x"},"instructions":[]}]}"#, "-x"),
    (#"{"stages":[]}"#, "no stage"),
    (#"{"globalArguments":[{"instruction":"RUN","command":"a"}],"stages":[{"from":{"instruction":"FROM","image":"a"}}]}"#, "RUN"),
  ])
  func wrongJSONIsNamed(_ text: String, _ word: String) throws {
    let error = #expect(throws: JSONError.self) { try decodeJSON(DockerfileDocument.self, from: Array(text.utf8)) }
    #expect("\(error, default: "")".contains(word))
  }

  @Test func aPersonNeedsOnlyTheWords() throws {
    let text =
      #"{"stages":[{"from":{"instruction":"FROM","image":"a"},"instructions":[{"instruction":"run","command":"make","mounts":[{"target":"/x","type":"cache","readonly":true,"uid":5}]}]}]}"#
    let document = try decodeJSON(DockerfileDocument.self, from: Array(text.utf8))
    guard case .run(let run) = document.stages[0].instructions[0].kind else { throw JSONError("no RUN") }
    #expect(run.command == .shell("make"))
    #expect(run.mounts[0]["uid"] == "5")
    #expect(run.mounts[0].options[0].key == "type")
  }
}
