internal import JSON

/// A table while the document is read: what may still be added to it depends on how it came to be.
final class TOMLTable {
  enum Origin {
    /// Only named on the way to another one (`[a.b]` makes `a`): may be defined yet.
    case implied
    /// By a header of its own, once.
    case header
    /// By dotted keys: more of those may follow, no header.
    case keys
  }

  enum Member {
    case value(JSONValue)
    case table(TOMLTable)
    case tables([TOMLTable])
  }

  var origin: Origin
  private var members: [(key: String, member: Member)] = []
  private var positions: [String: Int] = [:]

  init(_ origin: Origin) { self.origin = origin }

  subscript(key: String) -> Member? {
    get { positions[key].map { members[$0].member } }
    set {
      guard let newValue else { return }
      if let position = positions[key] {
        members[position].member = newValue
      } else {
        positions[key] = members.count
        members.append((key, newValue))
      }
    }
  }

  var json: JSONObject {
    var object = JSONObject()
    for (key, member) in members {
      switch member {
      case .value(let value): object[key] = value
      case .table(let table): object[key] = .object(table.json)
      case .tables(let tables): object[key] = .array(tables.map { .object($0.json) })
      }
    }
    return object
  }
}
