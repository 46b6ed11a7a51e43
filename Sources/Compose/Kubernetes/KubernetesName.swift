/// A name as Kubernetes wants it of a Service, which is the strictest of all: an RFC 1035 label of at most 63 characters.
func kubernetesName(_ text: String) -> String {
  var name = String(
    text.lowercased().unicodeScalars.map { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil) ? Character(scalar) : "-"
    })
  name = String(name.drop { $0 == "-" })
  if name.first?.isNumber ?? true { name = "s-" + name }
  name = String(name.prefix(63))
  while name.last == "-" { name.removeLast() }
  return name
}

/// Names that are not given twice.
struct NameSet {
  private var taken: Set<String> = []

  /// The name, or where it is taken the name with a number behind it.
  mutating func unique(_ name: String) -> String {
    if taken.insert(name).inserted { return name }
    let numbered = (2...).lazy.map { "\(name.prefix(58))-\($0)" }.first { !self.taken.contains($0) } ?? name
    taken.insert(numbered)
    return numbered
  }
}

/// A text in which Kubernetes shall expand nothing: `$(NAME)` stands for a variable in commands and in the environment, `$$` for `$`.
func withoutExpansion(_ text: String) -> String {
  var result = ""
  let characters = Array(text.unicodeScalars)
  for (position, character) in characters.enumerated() {
    result.unicodeScalars.append(character)
    let next = position + 1 < characters.count ? characters[position + 1] : nil
    if character == "$", next == "$" || next == "(" { result += "$" }
  }
  return result
}
