/// A command line as a list of words, with a shell's quotes and backslashes but none of its expansions (go-shellwords, which compose
/// uses): what follows an operator such as `&&` or `|` is not part of the command.
func shellWords(_ text: String) throws(GoValueError) -> [String] {
  var words: [String] = []
  var word = ""
  var isWord = false
  var quote: Character?
  var isEscaped = false
  loop: for character in text {
    if isEscaped {
      word.append(character)
      isEscaped = false
      isWord = true
      continue
    }
    switch character {
    case "\\" where quote != "'": isEscaped = true
    case "'" where quote != "\"", "\"" where quote != "'":
      quote = quote == nil ? character : nil
      isWord = true
    case " ", "\t", "\r", "\n":
      if quote != nil {
        word.append(character)
      } else if isWord {
        words.append(word)
        (word, isWord) = ("", false)
      }
    case ";", "&", "|", "<", ">":
      if quote == nil { break loop }
      word.append(character)
    case "(" where quote == nil && !word.hasSuffix("$"): throw GoValueError("invalid command line string")
    default:
      word.append(character)
      isWord = true
    }
  }
  if isEscaped || quote != nil { throw GoValueError("invalid command line string") }
  if isWord { words.append(word) }
  return words
}
