/// `[SOURCE:]TARGET[:OPTIONS]` as the long form; a source that begins with `.`, `/`, `~` or a drive letter is a path.
func volumeLongForm(_ node: Node, _ path: ModelPath) throws(ComposeError) -> [Node]? {
  guard let text = node.string else { return nil }
  func failure(_ why: String) -> ComposeError { ComposeError("invalid spec: \(text): \(why)", path: path, at: node.position) }
  var mapping = Mapping()
  func set(_ name: String, _ content: Node.Content, in mapping: inout Mapping) {
    mapping.set(name, Node(content, at: node.position), keyPosition: node.position)
  }
  if text.isEmpty { throw ComposeError("invalid empty volume spec", path: path, at: node.position) }
  if text.count <= 2 {
    set("type", .string("volume"), in: &mapping)
    set("target", .string(text), in: &mapping)
    return [Node(.mapping(mapping), at: node.position)]
  }
  let sections = volumeSections(text)
  if sections.contains("") { throw failure("empty section between colons") }
  if sections.count > 3 { throw failure("too many colons") }
  let source = sections.count > 1 ? sections[0] : ""
  let isPath = isVolumePath(source)
  set("type", .string(isPath ? "bind" : "volume"), in: &mapping)
  if !source.isEmpty { set("source", .string(source), in: &mapping) }
  set("target", .string(sections.count > 1 ? sections[1] : sections[0]), in: &mapping)
  var bind = Mapping(), volume = Mapping()
  if isPath { set("create_host_path", .bool(true), in: &bind) }
  for option in sections.count > 2 ? sections[2].split(separator: ",") : [] {
    switch option {
    case "ro": set("read_only", .bool(true), in: &mapping)
    case "nocopy": set("nocopy", .bool(true), in: &volume)
    case "rprivate", "private", "rshared", "shared", "rslave", "slave": set("propagation", .string(String(option)), in: &bind)
    case "z", "Z": set("selinux", .string(String(option)), in: &bind)
    default: continue  // compose ignores the others
    }
  }
  if isPath || !bind.isEmpty { set("bind", .mapping(bind), in: &mapping) }
  if !isPath || !volume.isEmpty { set("volume", .mapping(volume), in: &mapping) }
  return [Node(.mapping(mapping), at: node.position)]
}

/// The parts between colons; that behind a single letter belongs to a drive.
private func volumeSections(_ text: String) -> [String] {
  var sections: [String] = []
  var section = ""
  for character in text {
    if character == ":", !(section.count == 1 && section.first?.isLetter == true) {
      sections.append(section)
      section = ""
    } else {
      section.append(character)
    }
  }
  return sections + [section]
}

func isVolumePath(_ source: String) -> Bool {
  if let first = source.first, ".~/\\".contains(first) { return true }
  return source.count > 1 && source.dropFirst().first == ":" && source.first?.isLetter == true
}
