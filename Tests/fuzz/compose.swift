// modules: JSON Compose
import Compose
import JSON

/// A file that is accepted gives a model that is accepted again, and a plan.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let missing = { (path: String) throws(ComposeError) -> [UInt8] in throw ComposeError("no file \(path)", kind: .missingFile) }
  func project(_ content: [UInt8]) -> ComposeProject? {
    try? ComposeProject(
      [ComposeFile(name: "f", content: content)], name: "p", directory: "/d", profiles: ["*"], environment: { $0 == "A" ? "x" : nil },
      read: missing)
  }
  guard let first = project(input) else { return 0 }
  guard let second = project(first.json.serialized()) else { fatalError("its own model is refused") }
  if second.json != first.json { fatalError("another model") }
  guard let model = try? ProjectModel(first.json, volatileRoot: "/r"), let state = try? ObservedState(parsing: "") else { return 0 }
  _ = try? ProjectPlan(model, state, ProjectPlan.Options()).steps.map(\.shellLine)
  for service in model.services { _ = try? buildArguments(service) }
  return 0
}
