extension Instruction {
  /// The instruction on one line in canonical form, without the bodies of its here-documents: for progress and graphs.
  package var summary: String {
    let text = InstructionText(escape: .backslash).text(kind)
    return String(text.prefix { $0 != "\n" && $0 != "\r\n" })
  }
}
