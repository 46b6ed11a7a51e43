import Dockerfile
import Testing

@testable import ImageBuild

struct BuildGraphTests {
  private func graph(_ text: String, target: String? = nil, arguments: [String: String] = [:]) throws -> (BuildGraph, BuildOptions) {
    var options = BuildOptions()
    options.target = target
    options.buildArguments = arguments
    return (try BuildGraph(try DockerfileDocument(parsing: Array(text.utf8)), options), options)
  }

  @Test func onlyWhatTheTargetNeeds() throws {
    let text = """
      FROM a AS base
      FROM b AS unneeded
      FROM base AS made
      FROM c AS mounted
      FROM scratch
      COPY --from=MADE / /
      RUN --mount=from=3,target=/x true
      """
    let (graph, options) = try graph(text)
    #expect(try graph.needed(options) == [0, 2, 3, 4])
    let (other, chosen) = try self.graph(text, target: "Unneeded")
    #expect(try other.needed(chosen) == [1])
  }

  @Test func globalArguments() throws {
    let text = "ARG IMAGE=a\nARG TAG=${IMAGE}1\nFROM $IMAGE:$TAG"
    #expect(try graph(text).0.stages[0].base == "a:a1")
    #expect(try graph(text, arguments: ["IMAGE": "b"]).0.stages[0].base == "b:b1")
    #expect(throws: BuildError.self) { try graph("FROM $NOTHING") }
  }

  @Test func aStageThatComesLaterIsAnError() throws {
    let (graph, options) = try graph("FROM scratch\nCOPY --from=later / /\nFROM scratch AS later", target: nil)
    #expect(try graph.needed(options) == [1])
    #expect(throws: BuildError.self) { try graph.source("later", in: 0) }
    #expect(throws: BuildError.self) { try graph.source("1", in: 0) }
    #expect(try graph.source("busybox", in: 0) == nil)
  }

  @Test func fromTakesTheNameAsItIsWritten() throws {
    #expect(try graph("FROM scratch AS base\nFROM base").0.stages[1].baseStage == 0)
    #expect(try graph("FROM scratch AS base\nFROM BASE").0.stages[1].baseStage == nil)
  }

  @Test func theDockerfileAndTheLineAreInTheError() throws {
    do {
      _ = try graph("ARG X\nFROM ${X:?needed}")
      Issue.record("no error")
    } catch let error as BuildError {
      #expect(error.place == "Dockerfile:2")
    }
  }
}
