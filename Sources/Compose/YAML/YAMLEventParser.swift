internal import CYAML

/// libyaml's event parser over bytes in memory. The bytes must stay where they are as long as it lives.
@safe struct YAMLEventParser: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let file: String

  init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) throws(ComposeError) {
    self.file = file
    unsafe parser = .allocate(capacity: 1)
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      unsafe parser.deallocate()
      throw ComposeError("\(file): no memory for the YAML parser")
    }
    unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
  }

  /// The next event; what is not YAML is an error in libyaml's words.
  mutating func next() throws(ComposeError) -> YAMLEvent {
    while true {
      var event = unsafe yaml_event_t()
      guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw syntaxError }
      defer { unsafe yaml_event_delete(&event) }
      if let event = unsafe converted(event) { return event }
    }
  }

  private var syntaxError: ComposeError {
    let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "not YAML"
    let context = unsafe parser.pointee.context.map { unsafe String(cString: $0) + ": " } ?? ""
    return ComposeError("yaml: \(context)\(problem)", at: unsafe position(parser.pointee.problem_mark))
  }

  private func position(_ mark: yaml_mark_t) -> SourcePosition {
    SourcePosition(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }

  /// Nil for an event that says nothing: the start of the stream.
  private func converted(_ event: yaml_event_t) -> YAMLEvent? {
    let position = unsafe position(event.start_mark)
    func plain(_ kind: YAMLEvent.Kind) -> YAMLEvent { YAMLEvent(kind: kind, anchor: nil, tag: nil, position: position) }
    switch unsafe event.type {
    case YAML_STREAM_END_EVENT: return plain(.streamEnd)
    case YAML_DOCUMENT_START_EVENT: return plain(.documentStart)
    case YAML_DOCUMENT_END_EVENT: return plain(.documentEnd)
    case YAML_SEQUENCE_END_EVENT: return plain(.sequenceEnd)
    case YAML_MAPPING_END_EVENT: return plain(.mappingEnd)
    case YAML_ALIAS_EVENT: return plain(.alias(unsafe text(event.data.alias.anchor) ?? ""))
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      let value = unsafe String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
      return unsafe YAMLEvent(
        kind: .scalar(value, isPlain: isPlain), anchor: text(scalar.anchor), tag: text(scalar.tag), position: position)
    case YAML_SEQUENCE_START_EVENT:
      let start = unsafe event.data.sequence_start
      return unsafe YAMLEvent(kind: .sequenceStart, anchor: text(start.anchor), tag: text(start.tag), position: position)
    case YAML_MAPPING_START_EVENT:
      let start = unsafe event.data.mapping_start
      return unsafe YAMLEvent(kind: .mappingStart, anchor: text(start.anchor), tag: text(start.tag), position: position)
    default: return nil
    }
  }

  private func text(_ characters: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    guard let characters = unsafe characters else { return nil }
    return unsafe String(cString: characters)
  }
}
