internal import JSON

/// A secret or config that a service's containers see as a read-only file.
package struct Grant: Hashable, Sendable {
  /// Where the content comes from.
  package enum Origin: Hashable, Sendable {
    case file
    /// A variable of the caller's environment.
    case environment(String)
    case content(String)
  }

  /// The file on the host. One that is made from a variable or content lies in the project's volatile directory.
  package let source: String
  package let target: String
  package let origin: Origin

  static func all(of service: ServiceModel) -> [Grant] {
    ["secrets", "configs"].flatMap { kind in
      (service.json[kind]?.arrayValue ?? []).compactMap { grant -> Grant? in
        guard let name = grant["source"]?.stringValue, let element = service.project.json[kind]?[name] else { return nil }
        let target = grant["target"]?.stringValue ?? "/" + name
        let place = kind == "secrets" && !target.hasPrefix("/") ? "/run/secrets/" + target : target
        let made = "\(service.project.volatileDirectory)/\(kind)/\(name)"
        if let file = element["file"]?.stringValue { return Grant(source: file, target: place, origin: .file) }
        if let variable = element["environment"]?.stringValue {
          return Grant(source: made, target: place, origin: .environment(variable))
        }
        if let content = element["content"]?.stringValue { return Grant(source: made, target: place, origin: .content(content)) }
        return nil
      }
    }
  }
}
