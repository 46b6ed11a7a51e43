internal import CLinux
internal import Glibc

/// A netlink message under construction: header, the family's fixed part, then attributes (netlink(7)).
///
/// Everything is in host byte order unless it says otherwise; attributes are padded to four bytes.
package struct NetlinkMessage: Sendable {
  /// What the header asks for beside `NLM_F_REQUEST` (netlink(7), nlmsg_flags).
  package struct Flags: OptionSet, Sendable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }
    static let request = Flags(rawValue: UInt16(NLM_F_REQUEST))
    static let acknowledge = Flags(rawValue: UInt16(NLM_F_ACK))
    package static let dump = Flags(rawValue: UInt16(NLM_F_DUMP))
    package static let create = Flags(rawValue: UInt16(NLM_F_CREATE))
    package static let exclusive = Flags(rawValue: UInt16(NLM_F_EXCL))
    package static let replace = Flags(rawValue: UInt16(NLM_F_REPLACE))
    package static let append = Flags(rawValue: UInt16(NLM_F_APPEND))
  }

  static let headerLength = 16
  private(set) var bytes: [UInt8]

  package init(type: UInt16, flags: Flags = []) {
    bytes = []
    bytes.reserveCapacity(256)
    append(UInt32(0))
    append(type)
    append(flags.union(.request).rawValue)
    append(UInt64(0))
  }

  /// Adds an integer in host byte order, unaligned: for the fixed part between header and attributes.
  package mutating func append<Value: FixedWidthInteger>(_ value: Value) {
    unsafe withUnsafeBytes(of: value) { bytes in unsafe self.bytes.append(contentsOf: bytes) }
  }

  /// Adds an attribute with these bytes as its payload (at most 65,531).
  package mutating func attribute(_ type: some BinaryInteger, bytes payload: some Collection<UInt8>) {
    append(UInt16(4 + payload.count))
    append(UInt16(type))
    bytes.append(contentsOf: payload)
    pad()
  }

  /// Adds an attribute that is an integer in host byte order (rtnetlink's convention).
  package mutating func attribute<Value: FixedWidthInteger>(_ type: some BinaryInteger, _ value: Value) {
    append(UInt16(4 + MemoryLayout<Value>.size))
    append(UInt16(type))
    append(value)
    pad()
  }

  /// Adds an attribute that is an integer in network byte order (netfilter's convention).
  package mutating func attribute(_ type: some BinaryInteger, bigEndian value: some FixedWidthInteger) {
    attribute(type, value.bigEndian)
  }

  /// Adds a string with its terminating zero.
  package mutating func attribute(_ type: some BinaryInteger, _ text: String) {
    attribute(type, bytes: Array(text.utf8) + [0])
  }

  /// Adds an attribute whose payload is the attributes that `body` adds.
  package mutating func nested(_ type: some BinaryInteger, _ body: (inout NetlinkMessage) -> Void) {
    let start = bytes.count
    append(UInt16(0))
    append(UInt16(type) | UInt16(NLA_F_NESTED))
    body(&self)
    set(UInt16(bytes.count - start), at: start)
  }

  /// The length so far, so that a caller can keep a nest below the 65,535 bytes that its length field holds.
  package var count: Int { bytes.count }

  /// Fills in what the header can only know at the end.
  mutating func finish(sequence: UInt32, acknowledged: Bool) {
    set(UInt32(bytes.count), at: 0)
    if acknowledged { set(flags | Flags.acknowledge.rawValue, at: 6) }
    set(sequence, at: 8)
  }

  private var flags: UInt16 { bytes[6...].integer(at: 0) ?? 0 }

  private mutating func pad() {
    while bytes.count % 4 != 0 { bytes.append(0) }
  }

  private mutating func set<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
    unsafe withUnsafeBytes(of: value) { source in
      for index in source.indices { bytes[offset + index] = unsafe source[index] }
    }
  }
}

/// A message and, for the error it may meet, what it does to what: `add link 'tote0'`.
package struct NetlinkRequest: Sendable {
  package var message: NetlinkMessage
  package let call: String
  package let object: String?

  package init(_ message: NetlinkMessage, _ call: String, _ object: String? = nil) {
    self.message = message
    self.call = call
    self.object = object
  }
}
