/// What is there of a project: the answers of the other tools, a line each, fields separated by tabs.
/// ```
/// container ID NAME STATE SERVICE NUMBER HASH IMAGE-ID
/// network NAME
/// volume NAME
/// image NAME ID
/// ```
package struct ObservedState: Sendable {
  package struct Container: Hashable, Sendable {
    package let id: String
    package let name: String
    /// docker's word: created, running, paused, restarting, exited, dead.
    package let state: String
    package let service: String
    package let number: Int
    package let hash: String
    package let imageID: String

    var isUp: Bool { state == "running" || state == "restarting" }
  }

  package private(set) var containers: [Container] = []
  package private(set) var networks: Set<String> = []
  package private(set) var volumes: Set<String> = []
  /// IDs by the name that the model has.
  package private(set) var images: [String: String] = [:]

  package init(parsing text: String) throws(ComposeError) {
    for (number, line) in text.split(separator: "\n").enumerated() {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      switch (fields[0], fields.count) {
      case ("container", 8):
        containers.append(
          Container(
            id: fields[1], name: fields[2], state: fields[3], service: fields[4], number: Int(fields[5]) ?? 0, hash: fields[6],
            imageID: fields[7]))
      case ("network", 2): networks.insert(fields[1])
      case ("volume", 2): volumes.insert(fields[1])
      case ("image", 3): images[fields[1]] = fields[2]
      default: throw ComposeError("the state's line \(number + 1) is none of container, network, volume, image: '\(line)'")
      }
    }
  }
}
