internal import JSON

/// What a container is compared by: a change of it makes `up` replace the container. 32 hexadecimal digits of a hash of the service's
/// canonical form and of the definitions of what it names; not of what a container does not see (compose's own rule): how many there
/// are, how its image is built or pulled, what it depends on.
package func configHash(_ service: ServiceModel) -> String {
  var own = service.json.objectValue ?? JSONObject()
  for name in ["build", "pull_policy", "scale", "depends_on", "profiles", "develop", "attach"] { own[name] = nil }
  if var deploy = own["deploy"]?.objectValue {
    for name in ["replicas", "update_config", "rollback_config"] { deploy[name] = nil }
    own["deploy"] = .object(deploy)
  }
  var hash = FNV1a()
  hash.combine(.object(own))
  for kind in ["networks", "volumes", "secrets", "configs"] {
    for name in service.names(of: kind) {
      hash.combine(.string(name))
      hash.combine(service.project.json[kind]?[name] ?? .null)
    }
  }
  return hash.description
}

/// FNV-1a in two lanes of 64 bits; not for an adversary, who may have any container he likes.
private struct FNV1a: CustomStringConvertible {
  private var low: UInt64 = 0xcbf2_9ce4_8422_2325
  private var high: UInt64 = 0x8422_2325_cbf2_9ce4

  private mutating func combine(_ byte: UInt8) {
    low = (low ^ UInt64(byte)) &* 0x100_0000_01b3
    high = (high ^ UInt64(byte) ^ 0x5a) &* 0x100_0000_01b3
  }

  /// Members in the order of their names, everything with its kind in front and its end behind.
  mutating func combine(_ value: JSONValue) {
    switch value {
    case .object(let object):
      combine(UInt8(ascii: "{"))
      for name in object.keys.sorted() {
        combine(.string(name))
        combine(object[name] ?? .null)
      }
      combine(UInt8(ascii: "}"))
    case .array(let values):
      combine(UInt8(ascii: "["))
      for value in values { combine(value) }
      combine(UInt8(ascii: "]"))
    default:
      for byte in value.description.utf8 { combine(byte) }
      combine(UInt8(ascii: ","))
    }
  }

  var description: String {
    func digits(_ value: UInt64) -> String {
      let text = String(value, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }
    return digits(low) + digits(high)
  }
}
