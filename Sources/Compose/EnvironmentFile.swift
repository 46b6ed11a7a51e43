/// An environment file (`.env`, `--env-file`): `NAME=value` lines, `#` comments, `export`, quotes. Double-quoted and bare values are
/// interpolated, with the file's own earlier names and then `environment`.
package struct EnvironmentFile {
  package private(set) var values: [String: String] = [:]

  /// - Parameter environment: the process's own, which wins over the file.
  package init(parsing content: [UInt8], file: String, environment: @escaping (String) -> String?) throws(ComposeError) {
    let lines = String(decoding: content, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    var number = 0
    while number < lines.count {
      let first = number
      var line = trimmed(lines[number])
      number += 1
      if first == 0, line.hasPrefix("\u{FEFF}") { line = line.dropFirst() }
      if line.isEmpty || line.hasPrefix("#") { continue }
      if line.hasPrefix("export ") { line = trimmed(line.dropFirst(7)) }
      let position = SourcePosition(file: file, line: first + 1, column: 1)
      let name = line.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) || "_.-[]".contains($0) }
      var rest = trimmed(line.dropFirst(name.count))
      if name.isEmpty { throw ComposeError("unexpected character '\(line.prefix(1))' in variable name", at: position) }
      if rest.isEmpty {
        // A name alone takes the process's value.
        if let value = environment(String(name)) { values[String(name)] = value }
        continue
      }
      guard rest.first == "=" || rest.first == ":" else {
        throw ComposeError("unexpected character '\(rest.prefix(1))' in variable name '\(name)'", at: position)
      }
      rest = trimmed(rest.dropFirst())
      if let quote = rest.first, quote == "'" || quote == "\"" {
        var text = rest.dropFirst()
        while closing(text, quote) == nil {
          guard number < lines.count else { throw ComposeError("unterminated quoted value of '\(name)'", at: position) }
          text += "\n" + lines[number].filter { $0 != "\r" }
          number += 1
        }
        let end = closing(text, quote) ?? text.endIndex
        let after = trimmed(text[end...].dropFirst())
        guard after.isEmpty || after.hasPrefix("#") else {
          throw ComposeError("unexpected '\(after)' after the value of '\(name)'", at: position)
        }
        let value = String(text[..<end])
        values[String(name)] = quote == "'" ? value : try interpolated(unescaped(value), position, environment)
      } else {
        values[String(name)] = try interpolated(bare(rest), position, environment)
      }
    }
  }

  private func interpolated(
    _ text: String, _ position: SourcePosition, _ environment: @escaping (String) -> String?
  ) throws(ComposeError) -> String {
    let values = values
    var interpolation = Interpolation { environment($0) ?? values[$0] }
    do throws(Interpolation.Failure) { return try interpolation.substitute(text) } catch {
      switch error {
      case .invalidTemplate(let text): throw ComposeError("invalid interpolation format: '\(text)'", at: position)
      case .required(let name, let message): throw ComposeError("required variable \(name) is missing a value: \(message)", at: position)
      }
    }
  }
}

private func trimmed(_ text: Substring) -> Substring {
  var text = text.drop { $0.isWhitespace }
  while let last = text.last, last.isWhitespace { text = text.dropLast() }
  return text
}

/// Where the quote ends; a backslash keeps the next character.
private func closing(_ text: Substring, _ quote: Character) -> Substring.Index? {
  var isEscaped = false
  for index in text.indices {
    if isEscaped { isEscaped = false } else if text[index] == "\\" { isEscaped = true } else if text[index] == quote { return index }
  }
  return nil
}

/// The value up to a `#` that follows a blank.
private func bare(_ text: Substring) -> String {
  var previous: Character = " "
  for index in text.indices {
    if text[index] == "#", previous.isWhitespace { return String(trimmed(text[..<index])) }
    previous = text[index]
  }
  return String(text)
}

private func unescaped(_ text: String) -> String {
  var result = ""
  var isEscaped = false
  for character in text {
    if isEscaped {
      isEscaped = false
      switch character {
      case "n": result += "\n"
      case "r": result += "\r"
      case "t": result += "\t"
      case "$": result += "$$"
      case "\"", "\\": result.append(character)
      default: result += "\\" + String(character)
      }
    } else if character == "\\" {
      isEscaped = true
    } else {
      result.append(character)
    }
  }
  return result
}
