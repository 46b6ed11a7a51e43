/// Where in the model a value stands.
struct ModelPath: Sendable, Hashable, CustomStringConvertible {
  enum Component: Sendable, Hashable { case name(String), index(Int) }

  private(set) var components: [Component] = []

  /// The name in `self`, as in `services.web`.
  func appending(_ name: String) -> ModelPath { appending(.name(name)) }
  func appending(_ index: Int) -> ModelPath { appending(.index(index)) }

  private func appending(_ component: Component) -> ModelPath {
    var path = self
    path.components.append(component)
    return path
  }

  /// Whether the path is `pattern`, where `*` is any one component.
  func matches(_ pattern: [String]) -> Bool {
    guard pattern.count == components.count else { return false }
    return zip(pattern, components).allSatisfy { wanted, component in
      wanted == "*" || component == .name(wanted)
    }
  }

  /// `services.web.ports[0]`.
  var description: String {
    var text = ""
    for component in components {
      switch component {
      case .name(let name): text += text.isEmpty ? name : "." + name
      case .index(let index): text += "[\(index)]"
      }
    }
    return text
  }
}
