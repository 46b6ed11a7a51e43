extension Form {
  /// compose-spec, "Compose Deploy Specification".
  static let deploy = Form.object([
    "mode": .scalar, "endpoint_mode": .scalar, "replicas": .integer, "labels": .keyValues(), "placement": placement,
    "resources": .object(["limits": limits(isReservation: false), "reservations": limits(isReservation: true)]),
    "restart_policy": .object([
      "condition": .scalar, "delay": .duration, "max_attempts": .integer, "window": .duration,
    ]),
    "update_config": update, "rollback_config": update,
  ])

  private static let update = Form.object([
    "parallelism": .integer, "delay": .duration, "failure_action": .scalar, "monitor": .duration, "max_failure_ratio": .number,
    "order": .word(["start-first", "stop-first"]),
  ])

  private static let placement = Form.object([
    "constraints": .list(.scalar), "preferences": .list(.object(["spread": .scalar])), "max_replicas_per_node": .integer,
  ])

  private static func limits(isReservation: Bool) -> Form {
    var attributes: [String: Form] = ["cpus": .number, "memory": .bytes]
    if isReservation {
      attributes["devices"] = .list(
        .then(deviceRequest) { (node, path, _) throws(ComposeError) in
          guard node["capabilities"] != nil else { throw ComposeError("'capabilities' is required", path: path, at: node.position) }
          if node["count"] != nil, let names = node["device_ids"] {
            throw ComposeError("\"count\" and \"device_ids\" attributes are exclusive", path: path, at: names.position)
          }
          guard var mapping = node.mapping, mapping["count"] == nil, mapping["device_ids"] == nil else { return node }
          mapping.set("count", Node(.integer("-1"), at: node.position), keyPosition: node.position)
          return Node(.mapping(mapping), at: node.position)
        })
      attributes["generic_resources"] = .list(
        .object(["discrete_resource_spec": .object(["kind": .scalar, "value": .number])]))
    } else {
      attributes["pids"] = .integer
    }
    return .object(attributes)
  }
}
