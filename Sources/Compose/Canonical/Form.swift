/// What a value of the model looks like and what its canonical form is: the table of attributes is made of these.
indirect enum Form: Sendable {
  /// Kept as it is.
  case any
  case text
  /// A string, number or boolean, as a string.
  case scalar
  case integer
  case number
  case flag
  /// `1m30s`, spelled as Go spells it.
  case duration
  /// `64m`, as a string of digits.
  case bytes
  /// A path of this machine, made absolute.
  case path
  /// A list of one form.
  case list(Form)
  /// One string or a list of them, as a list.
  case texts
  /// `KEY=VALUE` lists and mappings, as a mapping to strings; without a value an empty string or, with `keepsNull`, null.
  case keyValues(keepsNull: Bool = false)
  /// A command line, as a list of words; null stays.
  case command
  /// These attributes and no others but `x-…`.
  case object([String: Form], required: [String] = [])
  /// Any names, each with a value of one form.
  case names(Form)
  /// A list of names is a mapping of them to null or to `value`.
  case nameList(Form, value: (@Sendable (SourcePosition) -> Node)? = nil)
  /// One of these words.
  case word([String])
  /// Null stays null.
  case optional(Form)
  /// What `expand` makes of a short spelling, each then of the other form; a long spelling is of it already.
  case short(Form, expand: @Sendable (Node, ModelPath) throws(ComposeError) -> [Node]?)
  /// One entry of a list may stand for several.
  case shortList(Form, expand: @Sendable (Node, ModelPath) throws(ComposeError) -> [Node]?)
  /// A form with a step of its own behind it.
  case then(Form, @Sendable (Node, ModelPath, CanonicalForm) throws(ComposeError) -> Node)
}

extension Form {
  /// Attribute names, separated by blanks, that have the same form.
  static func table(_ groups: [(String, Form)]) -> [String: Form] {
    var forms: [String: Form] = [:]
    for (names, form) in groups { for name in names.split(separator: " ") { forms[String(name)] = form } }
    return forms
  }
}
