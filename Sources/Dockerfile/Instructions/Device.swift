/// One `RUN --device`: a CDI device.
package struct Device: Hashable, Sendable {
  package var name: String
  package var required: Bool

  package init(name: String, required: Bool = false) {
    self.name = name
    self.required = required
  }

  init(_ piece: Piece, _ context: InstructionContext) throws(DockerfileError) {
    name = ""
    required = false
    for field in try context.fields(piece, "device") {
      let equals = field.firstIndex(of: "=")
      let key = field[..<(equals ?? field.endIndex)].lowercased()
      let value = equals.map { String(field[field.index(after: $0)...]) }
      switch (key, value) {
      case ("required", nil): required = true
      case ("required", let value?):
        guard let flag = goBool(value) else { throw context.fault("'required' is '\(value)', expected true or false", at: piece) }
        required = flag
      case ("name", let value?):
        if !name.isEmpty { throw context.fault("the device is already named '\(name)'", at: piece) }
        name = value
      default:
        if name.isEmpty {
          name = field
        } else {
          throw context.fault(
            "unexpected '\(field)' in a device, expected name=NAME or required", suggestion: suggest(key, among: ["name", "required"]),
            at: piece)
        }
      }
    }
  }

  func write(to members: inout MemberWriter) {
    members.string("name", name)
    members.bool("required", required ? true : nil)
  }
}

extension Device: Decodable {
  package init(from decoder: any Decoder) throws {
    let members = try Members(decoder, known: ["name", "required"])
    name = try members.required("name")
    required = try members.optional("required") ?? false
  }
}

/// The words that Go's strconv.ParseBool takes.
package func goBool(_ text: String) -> Bool? {
  switch text {
  case "1", "t", "T", "true", "TRUE", "True": true
  case "0", "f", "F", "false", "FALSE", "False": false
  default: nil
  }
}
