/// The fields of one line of comma-separated values (RFC 4180), as `--mount` and `--network` write them: a field in double quotes may
/// hold commas, a doubled quote is one quote.
func commaSeparatedFields(_ text: String) throws(InvalidValue) -> [String] {
  var fields: [String] = []
  var rest = Array(text)[...]
  while true {
    var field = ""
    if rest.first == "\"" {
      rest = rest.dropFirst()
      while true {
        guard let next = rest.popFirst() else {
          throw InvalidValue("parse error on line 1, column \(text.count + 1): extraneous or missing \" in quoted-field")
        }
        if next != "\"" { field.append(next) } else if rest.first == "\"" { field.append(rest.removeFirst()) } else { break }
      }
      guard rest.isEmpty || rest.first == "," else {
        throw InvalidValue("parse error on line 1, column \(text.count - rest.count + 1): extraneous or missing \" in quoted-field")
      }
    } else {
      while let next = rest.first, next != "," {
        if next == "\"" { throw InvalidValue("parse error on line 1, column \(text.count - rest.count + 1): bare \" in non-quoted-field") }
        field.append(next)
        rest = rest.dropFirst()
      }
    }
    fields.append(field)
    guard rest.popFirst() != nil else { return fields }
  }
}
