/// A here-document of RUN, COPY or ADD.
package struct Heredoc: Hashable, Sendable {
  /// The word after `<<`, quotes removed: what ends the body, and the name of the file that COPY makes.
  package var name: String
  /// The text up to the line that is only `name`, line ends as written. With ``stripsTabs`` the tabs are still there: see ``content``.
  package var body: String
  /// False where the word is quoted: then COPY and ADD leave `$` alone.
  package var expand: Bool
  /// `<<-`: leading tabs of every line are removed.
  package var stripsTabs: Bool
  /// The number before `<<`, 0 where there is none.
  package var fileDescriptor: Int

  package init(name: String, body: String, expand: Bool = true, stripsTabs: Bool = false, fileDescriptor: Int = 0) {
    self.name = name
    self.body = body
    self.expand = expand
    self.stripsTabs = stripsTabs
    self.fileDescriptor = fileDescriptor
  }

  /// The body as `<<` or `<<-` gives it.
  package var content: String {
    guard stripsTabs else { return body }
    var content: [UInt8] = []
    var atStart = true
    for byte in body.utf8 where !(atStart && byte == Byte.tab) {
      content.append(byte)
      atStart = byte == Byte.newline
    }
    return String(decoding: content, as: UTF8.self)
  }
}

extension Heredoc: Decodable {
  package init(from decoder: any Decoder) throws {
    let members = try Members(decoder, known: ["name", "body", "expand", "stripsTabs", "fileDescriptor"])
    name = try members.required("name")
    body = try members.required("body")
    expand = try members.optional("expand") ?? true
    stripsTabs = try members.optional("stripsTabs") ?? false
    fileDescriptor = try members.optional("fileDescriptor") ?? 0
    if name.isEmpty { throw members.fault("a heredoc needs a name", at: "name") }
    if fileDescriptor < 0 { throw members.fault("a file descriptor cannot be negative", at: "fileDescriptor") }
  }

  func write(to members: inout MemberWriter) {
    members.string("name", name)
    members.string("body", body)
    members.bool("expand", expand)
    members.bool("stripsTabs", stripsTabs ? true : nil)
    members.integer("fileDescriptor", fileDescriptor == 0 ? nil : fileDescriptor)
  }
}
