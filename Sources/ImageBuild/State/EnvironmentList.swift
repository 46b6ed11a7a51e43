/// `NAME=value` pairs in the order of their first definition, each name once.
struct EnvironmentList: Hashable, Sendable {
  private(set) var variables: [(name: String, value: String)] = []

  init() {}

  /// Reads an image's `Env`. A line without `=` is a name with an empty value.
  init(_ lines: [String]) {
    for line in lines {
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      self[String(parts[0])] = parts.count == 2 ? String(parts[1]) : ""
    }
  }

  subscript(name: String) -> String? {
    get { variables.first { $0.name == name }?.value }
    set {
      if let index = variables.firstIndex(where: { $0.name == name }) {
        if let newValue { variables[index].value = newValue } else { variables.remove(at: index) }
      } else if let newValue {
        variables.append((name, newValue))
      }
    }
  }

  var lines: [String] { variables.map { "\($0.name)=\($0.value)" } }

  static func == (a: EnvironmentList, b: EnvironmentList) -> Bool { a.lines == b.lines }
  func hash(into hasher: inout Hasher) { hasher.combine(lines) }
}
