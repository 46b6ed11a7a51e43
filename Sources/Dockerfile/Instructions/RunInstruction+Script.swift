extension RunInstruction {
  /// What RUN hands over to be run, here-documents put in their place (Dockerfile reference, "Here-Documents").
  package enum Script: Hashable, Sendable {
    /// The words of the exec form.
    case words([String])
    /// Text for the SHELL.
    case shell(String)
    /// A here-document that begins with `#!`: a file to be executed.
    case file(name: String, content: String)
  }

  package var script: Script {
    switch command {
    case .exec(let words): return .words(words)
    case .shell(let text):
      guard let first = heredocs.first else { return .shell(text) }
      let isSole = ((try? HeredocWord.parse(text)) ?? nil) != nil
      if isSole {
        return first.content.hasPrefix("#!") ? .file(name: first.name, content: first.content) : .shell(first.content)
      }
      return .shell(heredocs.reduce(text) { $0 + "\n" + $1.body + $1.name })
    }
  }
}
