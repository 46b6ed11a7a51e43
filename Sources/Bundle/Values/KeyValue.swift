internal import Linux
package import SystemPackage

/// `-e NAME[=VALUE]`. A name without a value is taken from our own environment; where it is not set there either it stays a bare
/// name, which removes it from the container's.
package func environmentVariable(_ text: String) throws(InvalidValue) -> String {
  let name = text.cut(at: "=")?.before ?? text
  if name.isEmpty { throw InvalidValue("invalid environment variable: \(text)") }
  guard text == name, let value = Environment[name] else { return text }
  return "\(name)=\(value)"
}

/// `-l NAME[=VALUE]`.
package func label(_ text: String) throws(InvalidValue) -> String {
  let name = (text.cut(at: "=")?.before ?? text).drop { $0 == " " || $0 == "\t" }
  if name.isEmpty { throw InvalidValue("invalid label '\(text)': empty name") }
  if name.contains(" ") || name.contains("\t") { throw InvalidValue("label '\(name)' contains whitespaces") }
  return text
}

/// Lines of `NAME=VALUE` from an `--env-file` or `--label-file`: blank lines and those that begin with `#` are skipped, white space
/// before a name is dropped, a bare name is given to `lookUp` and left out where that knows nothing.
package func keyValueFile(_ path: FilePath, lookUp: (String) -> String?) throws(BundleError) -> [String] {
  let content = try attempting("open \(path)") { () throws(SystemError) in try readFile(path) }
  return try keyValueLines(content, file: path.description, lookUp: lookUp)
}

func keyValueLines(_ content: [UInt8], file: String, lookUp: (String) -> String?) throws(BundleError) -> [String] {
  var variables: [String] = []
  let bytes = content.starts(with: [0xEF, 0xBB, 0xBF]) ? content.dropFirst(3) : content[...]
  for (number, raw) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
    let lineBytes = raw.last == 13 ? raw.dropLast() : raw
    guard let text = String(validating: lineBytes, as: UTF8.self) else {
      throw .refused("invalid utf8 bytes at line \(number + 1) of \(file)")
    }
    let line = text.drop { $0 == " " || $0 == "\t" }
    if line.isEmpty || line.hasPrefix("#") { continue }
    let name = line.cut(at: "=")?.before ?? String(line)
    if name.isEmpty { throw .refused("no variable name on line '\(line)'") }
    if name.contains(" ") || name.contains("\t") { throw .refused("variable '\(name)' contains whitespaces") }
    if name.count < line.count {
      variables.append(String(line))
    } else if let value = lookUp(name) {
      variables.append("\(name)=\(value)")
    }
  }
  return variables
}

/// The last value of each name, sorted by name in the way that docker's maps are shown.
func keyValueMap(_ texts: [String]) -> [String: String] {
  var map: [String: String] = [:]
  for text in texts {
    let parts = text.cut(at: "=")
    map[parts?.before ?? text] = parts?.after ?? ""
  }
  return map
}
