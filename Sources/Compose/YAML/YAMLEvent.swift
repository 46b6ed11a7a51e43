/// What libyaml's parser reports, in Swift's types.
struct YAMLEvent {
  enum Kind {
    case streamEnd
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(String, isPlain: Bool)
    case sequenceStart
    case sequenceEnd
    case mappingStart
    case mappingEnd
  }

  let kind: Kind
  let anchor: String?
  let tag: String?
  let position: SourcePosition
}
