internal import JSON

extension Pod {
  /// Which nodes may have the pods (compose-spec, "placement"; swarm's constraints).
  mutating func addPlacement(_ placement: ModelAttributes, _ selector: JSONValue) {
    var placement = placement
    var expressions: [JSONValue] = []
    for constraint in placement.texts("constraints") {
      guard let expression = Self.expression(constraint) else {
        warn("deploy.placement.constraints", "'\(constraint)' has no counterpart in Kubernetes")
        continue
      }
      expressions.append(expression)
    }
    if !expressions.isEmpty {
      spec["affinity"] = [
        "nodeAffinity": [
          "requiredDuringSchedulingIgnoredDuringExecution": ["nodeSelectorTerms": [["matchExpressions": .array(expressions)]]]
        ]
      ]
    }
    spec["topologySpreadConstraints"] = .list(
      placement.list("preferences").compactMap { preference in
        guard let label = preference["spread"]?.stringValue.flatMap(Self.label) else { return nil }
        return [
          "maxSkew": 1, "topologyKey": .string(label), "whenUnsatisfiable": "ScheduleAnyway", "labelSelector": ["matchLabels": selector],
        ]
      })
    warnings += placement.leftovers
  }

  /// What swarm calls an attribute of a node is a label here.
  private static func label(_ attribute: String) -> String? {
    let known = [
      "node.hostname": "kubernetes.io/hostname", "node.platform.os": "kubernetes.io/os", "node.platform.arch": "kubernetes.io/arch",
    ]
    if let label = known[attribute] { return label }
    return attribute.hasPrefix("node.labels.") ? String(attribute.dropFirst(12)) : nil
  }

  private static func expression(_ constraint: String) -> JSONValue? {
    let isEqual = constraint.contains("==")
    let parts = constraint.split(separator: isEqual ? "==" : "!=", maxSplits: 1).map { word in
      String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    guard parts.count == 2 else { return nil }
    if parts[0] == "node.role", parts[1] == "manager" || parts[1] == "worker" {
      let isManager = (parts[1] == "manager") == isEqual
      return ["key": "node-role.kubernetes.io/control-plane", "operator": isManager ? "Exists" : "DoesNotExist"]
    }
    guard let label = label(parts[0]) else { return nil }
    let value = label == "kubernetes.io/arch" ? ["x86_64": "amd64", "aarch64": "arm64"][parts[1]] ?? parts[1] : parts[1]
    return ["key": .string(label), "operator": isEqual ? "In" : "NotIn", "values": [.string(value)]]
  }
}
