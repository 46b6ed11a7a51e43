internal import JSON

/// The functions a template can call, but for `and` and `or`, which do not evaluate all their arguments.
enum TemplateFunction {
  struct Failure: Error { let reason: String }
  typealias Body = @Sendable ([JSONValue]) throws(Failure) -> JSONValue

  /// Those that shape a value for a table's cell: a header passes through them unchanged.
  static let transparentInHeaders: Set<String> = ["json", "split", "join", "title", "lower", "upper", "pad", "truncate", "len", "index"]

  static let named: [String: Body] = text.merging(comparison) { a, _ in a }.merging(collection) { a, _ in a }

  private static let text: [String: Body] = [
    "json": { (arguments) throws(Failure) in
      try count(arguments, 1)
      return .string(arguments[0].description)
    },
    "lower": { (arguments) throws(Failure) in .string(try string(arguments, 0, of: 1).lowercased()) },
    "upper": { (arguments) throws(Failure) in .string(try string(arguments, 0, of: 1).uppercased()) },
    "title": { (arguments) throws(Failure) in .string(titled(try string(arguments, 0, of: 1))) },
    "split": { (arguments) throws(Failure) in
      let text = try string(arguments, 0, of: 2)
      let separator = try string(arguments, 1, of: 2)
      if separator.isEmpty { return .array(text.map { .string(String($0)) }) }
      return .array(text.split(separator: separator, omittingEmptySubsequences: false).map { .string(String($0)) })
    },
    "join": { (arguments) throws(Failure) in
      let separator = try string(arguments, 1, of: 2)
      if case .null = arguments[0] { return .string("") }
      guard let elements = arguments[0].templateArray else { throw Failure(reason: "expected a list; got \(arguments[0].templateType)") }
      return .string(elements.map { goText($0) }.joined(separator: separator))
    },
    "pad": { (arguments) throws(Failure) in
      let text = try string(arguments, 0, of: 3)
      if text.isEmpty { return .string("") }
      let before = try integer(arguments, 1)
      let after = try integer(arguments, 2)
      return .string(String(repeating: " ", count: max(0, before)) + text + String(repeating: " ", count: max(0, after)))
    },
    "truncate": { (arguments) throws(Failure) in
      let text = try string(arguments, 0, of: 2)
      return .string(String(text.prefix(max(0, try integer(arguments, 1)))))
    },
    "print": { (arguments) throws(Failure) in .string(goPrint(arguments)) },
    "println": { (arguments) throws(Failure) in .string(arguments.map { goText($0) }.joined(separator: " ") + "\n") },
    "printf": { (arguments) throws(Failure) in
      guard let format = arguments.first?.templateString else { throw Failure(reason: "expected a format") }
      return .string(goFormat(format, Array(arguments.dropFirst())))
    },
  ]

  private static let comparison: [String: Body] = [
    "not": { (arguments) throws(Failure) in
      try count(arguments, 1)
      return .bool(!arguments[0].isTrue)
    },
    "eq": { (arguments) throws(Failure) in
      guard arguments.count >= 2 else { throw Failure(reason: "missing argument for comparison") }
      for other in arguments.dropFirst() where try equal(arguments[0], other) { return .bool(true) }
      return .bool(false)
    },
    "ne": { (arguments) throws(Failure) in
      try count(arguments, 2)
      return .bool(!(try equal(arguments[0], arguments[1])))
    },
    "lt": { (arguments) throws(Failure) in .bool(try order(arguments) < 0) },
    "le": { (arguments) throws(Failure) in .bool(try order(arguments) <= 0) },
    "gt": { (arguments) throws(Failure) in .bool(try order(arguments) > 0) },
    "ge": { (arguments) throws(Failure) in .bool(try order(arguments) >= 0) },
  ]

  private static let collection: [String: Body] = [
    "len": { (arguments) throws(Failure) in
      try count(arguments, 1)
      if let text = arguments[0].templateString { return .integer(text.utf8.count) }
      if let array = arguments[0].templateArray { return .integer(array.count) }
      if let members = arguments[0].objectValue { return .integer(members.count) }
      throw Failure(reason: "len of \(arguments[0].templateType)")
    },
    "index": { (arguments) throws(Failure) in
      guard var value = arguments.first else { throw Failure(reason: "index of untyped nil") }
      for key in arguments.dropFirst() { value = try index(value, key) }
      return value
    },
    "slice": { (arguments) throws(Failure) in
      guard let value = arguments.first, arguments.count <= 3 else { throw Failure(reason: "slice of untyped nil") }
      let length = value.templateArray?.count ?? value.templateString?.utf8.count ?? 0
      let start = arguments.count > 1 ? try integer(arguments, 1) : 0
      let end = arguments.count > 2 ? try integer(arguments, 2) : length
      guard start >= 0, start <= end, end <= length else { throw Failure(reason: "index out of range: \(end)") }
      if let array = value.templateArray { return .array(Array(array[start..<end])) }
      guard let text = value.templateString else { throw Failure(reason: "can't slice item of type \(value.templateType)") }
      return .string(String(decoding: Array(text.utf8)[start..<end], as: UTF8.self))
    },
  ]

  // MARK: Arguments

  private static func count(_ arguments: [JSONValue], _ wanted: Int) throws(Failure) {
    if arguments.count != wanted { throw Failure(reason: "wrong number of args: want \(wanted) got \(arguments.count)") }
  }

  private static func string(_ arguments: [JSONValue], _ index: Int, of wanted: Int) throws(Failure) -> String {
    try count(arguments, wanted)
    guard let text = arguments[index].templateString else {
      throw Failure(reason: "wrong type for value; expected string; got \(arguments[index].templateType)")
    }
    return text
  }

  private static func integer(_ arguments: [JSONValue], _ index: Int) throws(Failure) -> Int {
    guard index < arguments.count, let value = arguments[index].templateInteger else {
      throw Failure(reason: "wrong type for value; expected int")
    }
    return value
  }

  // MARK: What the longer ones do

  private static func index(_ value: JSONValue, _ key: JSONValue) throws(Failure) -> JSONValue {
    if let array = value.templateArray {
      guard let position = key.templateInteger else { throw Failure(reason: "cannot index slice/array with type \(key.templateType)") }
      guard array.indices.contains(position) else { throw Failure(reason: "index out of range: \(position)") }
      return array[position]
    }
    if let members = value.objectValue {
      guard let name = key.templateString else { throw Failure(reason: "value has type \(key.templateType); should be string") }
      if let found = members[name] { return found }
      // A Go map of strings (labels) gives the empty string for what it does not have.
      return !members.isEmpty && members.allSatisfy { $0.value.templateString != nil } ? .string("") : .null
    }
    if case .null = value { throw Failure(reason: "index of untyped nil") }
    throw Failure(reason: "can't index item of type \(value.templateType)")
  }

  private static func equal(_ a: JSONValue, _ b: JSONValue) throws(Failure) -> Bool {
    if let a = a.templateString, let b = b.templateString { return a == b }
    if let a = a.templateNumber, let b = b.templateNumber { return a == b }
    switch (a, b) {
    case (.bool(let a), .bool(let b)): return a == b
    case (.null, _), (_, .null):
      if case .null = a, case .null = b { return true }
      return false
    default: throw Failure(reason: "incompatible types for comparison")
    }
  }

  private static func order(_ arguments: [JSONValue]) throws(Failure) -> Int {
    try count(arguments, 2)
    if let a = arguments[0].templateString, let b = arguments[1].templateString { return a < b ? -1 : a == b ? 0 : 1 }
    if let a = arguments[0].templateNumber, let b = arguments[1].templateNumber { return a < b ? -1 : a == b ? 0 : 1 }
    throw Failure(reason: "incompatible types for comparison")
  }

  private static func titled(_ text: String) -> String {
    var atStart = true
    return String(
      text.map { character in
        defer { atStart = !(character.isLetter || character.isNumber || character == "_" || character == "'") }
        return atStart ? Character(character.uppercased().first.map(String.init) ?? "") : character
      })
  }
}
