package import JSON

/// How a listing is printed: what docker's `--format` understands.
package enum OutputFormat: Sendable {
  /// Columns with a header line.
  case table(GoTemplate)
  /// One JSON object a line.
  case json
  /// The template, one line an entry.
  case template(GoTemplate)

  /// Reads what the user typed: `table`, `table TEMPLATE`, `json` or a template; nil and the empty string are the standard table.
  /// - Parameter table: the standard table's template, its columns separated by tabs.
  package init(_ typed: String?, table: String) throws(GoTemplateError) {
    let typed = typed ?? ""
    if typed.isEmpty || typed == "table" {
      self = .table(try GoTemplate(table))
    } else if typed == "json" {
      self = .json
    } else if typed.hasPrefix("table"), let separator = typed.dropFirst(5).first, separator.isWhitespace || separator == "\\" {
      self = .table(try GoTemplate(String(typed.dropFirst(5).drop { $0 == " " || $0 == "\t" })))
    } else {
      self = .template(try GoTemplate(typed))
    }
  }

  /// The listing, each line with its line end; empty where there is nothing to say.
  /// - Parameters:
  ///   - rows: objects whose members the template names.
  ///   - titles: the column title of each member, for the header of a table.
  package func render(_ rows: [JSONValue], titles: [(field: String, title: String)]) throws(GoTemplateError) -> String {
    switch self {
    case .json: return rows.map { $0.description + "\n" }.joined()
    case .template(let template): return try lines(template, rows)
    case .table(let template):
      var header = JSONObject()
      for (field, title) in titles { header[field] = .string(title) }
      return alignColumns(try template.renderHeader(.object(header)) + "\n" + lines(template, rows))
    }
  }

  private func lines(_ template: GoTemplate, _ rows: [JSONValue]) throws(GoTemplateError) -> String {
    var text = ""
    for row in rows { text += try template.render(row) + "\n" }
    return text
  }
}

/// docker's inspect: `values` as one indented JSON array, or each through the template `format` on a line of its own.
package func renderInspection(_ values: [JSONValue], format: String?) throws(GoTemplateError) -> String {
  guard let format, !format.isEmpty else { return String(decoding: JSONValue.array(values).serialized(pretty: true), as: UTF8.self) + "\n" }
  let template = try GoTemplate(format == "json" ? "{{json .}}" : format)
  var text = ""
  for value in values { text += try template.render(value) + "\n" }
  return text
}
